from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import any_run, nobody, pinned, problems_of, taken_by, told


@check(
    "iam-oidc-gitlab-terraform-sub-wildcard",
    title="GitLab and Terraform Cloud OIDC roles pin project/workspace",
    severity=Severity.HIGH,
    uses=RIGHTS,
    remediation=Remediation(
        text="Compare the subject by StringEquals with project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH, or with "
        "organization:NAME:project:NAME:workspace:NAME:run_phase:apply; give plans a role of their own that reads.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
)
def oidc_gitlab_terraform_sub_wildcard(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    With a wildcard in project or workspace, whoever may make one in the group or organization becomes the role; with one in
    the branch, whoever may push does, and with one in the phase a speculative plan has the rights of an apply. A project
    with its branch, and a workspace or stack with its phase, written out pass; so does any branch or phase of one where the
    role can only read, and no secrets.
    """
    found = pinned(taken_by(role, account, (Family.GITLAB, Family.TERRAFORM)))
    yield from problems_of(found, lambda taken: _judged(taken, role, account))


def _judged(taken: TokenTrust, role: Role, account: Inventory) -> Problem | Note | None:
    gitlab = taken.family is Family.GITLAB
    expected = "one project and branch" if gitlab else "one workspace and phase"
    if taken.width is Width.PROJECT:
        which = "projects" if gitlab else "workspaces"
        return told(taken, f"takes tokens of {which} that it does not name", None, role, expected)
    if taken.width is Width.CONTEXT:
        which = "any branch or tag of a project" if gitlab else "every phase of a workspace, plans as well"
        return any_run(taken, f"takes tokens of {which}", role, account, expected)
    if taken.width is Width.NOBODY:
        begins = "project_path:GROUP/PROJECT:" if gitlab else "organization:NAME:project:NAME:workspace:NAME:"
        return nobody(taken, role, f"a subject begins with {begins}", expected)

    return None
