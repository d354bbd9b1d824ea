from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import nobody, pinned, problems_of, taken_by, told


FAMILIES = (Family.CIRCLECI, Family.BUILDKITE, Family.AZURE_DEVOPS, Family.SPACELIFT, Family.OTHER)


@check(
    "iam-oidc-other-ci-sub-wildcard",
    title="Other CI OIDC roles pin space, stack or project",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Write the project, pipeline, space or stack out in the subject, as the issuer's documentation spells it.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
)
def oidc_other_ci_sub_wildcard(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    CircleCI, Buildkite, Azure DevOps, Spacelift and the rest sign tokens for every project of an organization. A subject
    whose wildcard comes before the project lets each of them become the role, those included that anybody in the
    organization may make. A subject with the project, pipeline, space or stack in it passes.
    """
    yield from problems_of(pinned(taken_by(role, account, FAMILIES)), lambda taken: _judged(taken, role))


def _judged(taken: TokenTrust, role: Role) -> Problem | None:
    expected = "one project, pipeline, space or stack"
    if taken.width is Width.PROJECT:
        return told(taken, f"takes tokens of projects of {taken.issuer} that it does not name", None, role, expected)
    if taken.width is Width.NOBODY:
        return nobody(taken, role, "see how the issuer spells its subjects", expected)

    return None
