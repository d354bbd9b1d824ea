from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.iam import Role
from awsaudit_checks.exposed import exposure_of, public_problems
from awsaudit_checks.iam.trust import ASSUMING, MEND, UPDATE, shared


@check(
    "iam-role-trust-public",
    title="No role can be assumed by any AWS principal",
    severity=Severity.CRITICAL,
    uses=ZONE,
    remediation=Remediation(
        text="Name who may assume the role, or bind the statement to your organization; the command leaves your account.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
)
def role_trust_public(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    Whoever has an AWS account, anywhere, then becomes the role and has its rights; ARNs of roles are easily guessed. An
    external id alone makes it high instead of critical: it is no secret. A statement for everybody passes where its
    conditions leave only your account, your organization or named principals.
    """
    asked = shared(role)
    found = exposure_of(asked, account, actions=ASSUMING)
    yield from public_problems(asked, found, account, MEND, severity=_severity)


def _severity(opening: Opening) -> Severity | None:
    return Severity.HIGH if "sts:externalid" in opening.witness.context.known else None
