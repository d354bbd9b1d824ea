import re

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codedeploy import DeploymentGroup


# SHA-1, or SHA-256 where a repository has it.
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)


@check(
    "codedeploy-revision-source-pinned",
    title="Revisions come from versioned storage",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Switch versioning of the bucket on, and deploy with the version or the ETag of the object "
        "(aws deploy push prints both), or with the whole commit id on GitHub. The next deployment settles it.",
        cli=None,
        url="https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-create-cli.html",
    ),
)
def revision_source_pinned(group: DeploymentGroup) -> Iterator[Problem]:
    """
    CodeDeploy fetches the revision anew for every server that joins the group, and to roll back. An object without version
    or ETag may be another one by then: whoever writes to the bucket decides what runs, and no log shows it. Objects pass
    with a version or an ETag, GitHub with a whole commit id, and what is written into the deployment itself.
    """
    found = group.revision
    if found is None:
        raise NotApplicable("nothing was deployed yet")
    if found.kind == "S3" and not (found.version or found.etag):
        where = f"s3://{found.bucket}/{found.key}"
        yield _problem(group, where, "whichever object has that name", "a version or an ETag")
    if found.kind == "GitHub" and not _COMMIT.fullmatch(found.commit or ""):
        where = f"{found.repository} on GitHub"
        yield _problem(group, where, found.commit or "no commit", "a whole commit id")


def _problem(group: DeploymentGroup, where: str, what: str, expected: str) -> Problem:
    return Problem(f"{group.application} is deployed from {where}: {what}", expected=expected, found=what)
