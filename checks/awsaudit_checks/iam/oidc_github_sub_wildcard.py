from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import any_run, nobody, pinned, problems_of, taken_by, told


@check(
    "iam-oidc-github-sub-wildcard",
    title="GitHub OIDC roles name one repository and a branch or environment",
    severity=Severity.HIGH,
    uses=RIGHTS,
    remediation=Remediation(
        text="Compare the subject with repo:OWNER/REPOSITORY:environment:NAME or :ref:refs/heads/BRANCH by StringEquals. "
        "Repositories made or renamed since July 2026 send repo:OWNER@ID/REPOSITORY@ID: list both forms.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
)
def oidc_github_sub_wildcard(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    With a wildcard in the repository, whoever may make a repository in the organization becomes the role; with one behind
    it, whoever may push a branch or open a pull request does, without review. A subject that fixes repository and branch,
    tag or environment passes, and so do the claims repository_id, ref, environment and job_workflow_ref of their own. Any
    branch of one repository passes, too, where the role can only read, and no secrets.
    """
    yield from problems_of(
        pinned(taken_by(role, account, (Family.GITHUB,))), lambda taken: _judged(taken, role, account)
    )


def _judged(taken: TokenTrust, role: Role, account: Inventory) -> Problem | Note | None:
    expected = "one repository, and one branch or environment"
    if taken.width is Width.PROJECT:
        return told(taken, "takes tokens of repositories that it does not name", None, role, expected)
    if taken.width is Width.CONTEXT:
        what = "takes tokens of any branch, environment or pull request of a repository"
        return any_run(taken, what, role, account, expected)
    if taken.width is Width.NOBODY:
        return nobody(taken, role, "a subject begins with repo:OWNER/REPOSITORY:", expected)

    return None
