from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import any_run, nobody, pinned, problems_of, taken_by, told


@check(
    "iam-oidc-bitbucket-sub-wildcard",
    title="Bitbucket Pipelines OIDC roles pin repository UUID and deployment environment",
    severity=Severity.HIGH,
    uses=RIGHTS,
    remediation=Remediation(
        text="Compare the subject with {REPOSITORY-UUID}:{ENVIRONMENT-UUID}:* by StringLike, braces included, and the "
        "audience with the workspace's ARI.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
)
def oidc_bitbucket_sub_wildcard(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    The issuer is the workspace's own, so a subject without a repository lets in every repository of it, and one without a
    deployment environment every branch and step: whoever may push runs as the role. A subject with the UUIDs of repository
    and environment passes, as does one of a repository where the role can only read, and no secrets. One without braces, or
    with the workspace in first place, is true of no token.
    """
    yield from problems_of(
        pinned(taken_by(role, account, (Family.BITBUCKET,))), lambda taken: _judged(taken, role, account)
    )


def _judged(taken: TokenTrust, role: Role, account: Inventory) -> Problem | Note | None:
    expected = "{REPOSITORY-UUID}:{ENVIRONMENT-UUID}:*"
    if taken.width is Width.NOBODY:
        return nobody(
            taken, role, "a subject is {REPOSITORY-UUID}:{ENVIRONMENT-UUID}:{STEP-UUID}, with braces", expected
        )
    workspace = _workspace_first(taken)
    if workspace:
        return told(
            taken,
            f"asks for the workspace {workspace} where the repository stands, so it takes no token",
            Severity.INFO,
            role,
            expected,
        )
    if taken.width is Width.PROJECT:
        return told(taken, "takes tokens of every repository of the workspace", None, role, expected)
    if taken.width is Width.CONTEXT:
        return any_run(taken, "takes tokens of any branch and step of a repository", role, account, expected)

    return None


def _workspace_first(taken: TokenTrust) -> str:
    """Return the workspace's UUID where all subjects have it in the place of the repository's; the audience tells it."""
    audiences = taken.values("aud")
    first = {subject.partition(":")[0].strip("{}*") for subject in taken.values("sub")}
    found = [uuid for uuid in first if uuid and any(a.endswith(f"/{uuid}") for a in audiences)]

    return found[0] if found and len(first) == 1 else ""
