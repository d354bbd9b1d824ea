from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ecr import PullThroughCacheRule, Repository


_EVERY_OTHER = "ROOT"


@check(
    "ecr-tag-immutability",
    title="ECR tags are immutable",
    severity=Severity.MEDIUM,
    uses=(PullThroughCacheRule,),
    equivalents=("prowler:ecr_repositories_tag_immutability",),
    remediation=Remediation(
        text="Make tags immutable, and push every build under a tag of its own. A tag that has to move, such as latest, "
        "can be excluded by a pattern.",
        cli="aws ecr put-image-tag-mutability --region {region} --repository-name {name} "
        "--image-tag-mutability IMMUTABLE",
        terraform='resource "aws_ecr_repository" "this" {\n  image_tag_mutability = "IMMUTABLE"\n}',
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    ),
)
def tag_immutability(repository: Repository, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever may push to a repository with mutable tags can put another image under a tag that is deployed already; the
    next pod that starts runs it. Immutable tags pass, also if patterns exclude some from it, but not all. Repositories
    that cache another registry are left alone: their tags have to follow it.
    """
    patterns = repository.tag_exclusions
    wrong = _wrong(repository.tag_mutability, "*" in patterns)
    if wrong is None:
        if repository.tag_mutability == "IMMUTABLE_WITH_EXCLUSION":
            yield Note(f"tags like {', '.join(patterns)} can still be moved")
        return
    _refuse_cache(repository, account)
    yield Problem(wrong, expected="IMMUTABLE", found=repository.tag_mutability)


def _wrong(mutability: str, excludes_all: bool) -> str | None:  # noqa: FBT001 - private, and named where it is read
    if mutability == "MUTABLE":
        return "tags can be moved to another image"
    if mutability == "MUTABLE_WITH_EXCLUSION" and not excludes_all:
        return "tags can be moved to another image, except those of some patterns"
    if mutability == "IMMUTABLE_WITH_EXCLUSION" and excludes_all:
        return "tags are called immutable, but the pattern * excludes all of them from it"

    return None


def _refuse_cache(repository: Repository, account: Inventory) -> None:
    prefixes = [rule.prefix for rule in account.every(PullThroughCacheRule, repository.region)]
    for prefix in prefixes:
        if repository.name.startswith(f"{prefix}/"):
            raise NotApplicable(f"it caches another registry, by the rule for {prefix}")
    if _EVERY_OTHER in prefixes:
        raise Undecided("it may cache another registry, by the rule for ROOT, or be a repository of your own")
