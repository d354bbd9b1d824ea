import fnmatch

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.ecr_public import PublicRepository


@check(
    "ecr-public-repository-inventory",
    title="Public gallery repositories are intended",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Delete the repository, or name it in *intended*. The command deletes it only if it holds no image.",
        cli="aws ecr-public delete-repository --region us-east-1 --repository-name {name}",
        url="https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-delete.html",
    ),
)
def public_repository_inventory(repository: PublicRepository, *, intended: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Everybody may pull what is in the public gallery, with whatever was built into it, and no policy takes that back. A
    repository passes that *intended* names, with wildcards; every other one is one push in the wrong place.
    """
    if not any(fnmatch.fnmatchcase(repository.name, pattern) for pattern in intended):
        yield Problem(
            f"everybody may pull it from {repository.uri}",
            expected="named in intended" if not intended else f"one of {', '.join(intended)}",
            found=repository.name,
        )
