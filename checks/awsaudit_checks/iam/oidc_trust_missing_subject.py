from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import PEOPLE, problems_of, taken_by, told


URL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html"


@check(
    "iam-oidc-trust-missing-subject",
    title="OIDC federated roles check the token subject",
    severity=Severity.CRITICAL,
    remediation=Remediation(
        text="Add StringEquals on the issuer's sub, with the subject of the one repository, project or workspace that the "
        "role is for. Only its owner knows that, so no command can be given.",
        cli=None,
        url=URL,
    ),
)
def oidc_trust_missing_subject(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    Issuers such as GitHub sign tokens for everybody. Where the trust policy does not ask whose the token is, anybody with an
    account there becomes the role, from any repository. High where the issuer is one tenant's own. A comparison counts if a
    token without the claim fails it and it does not take every value: IfExists, ForAllValues, Null and negations do not.
    """
    yield from problems_of(taken_by(role, account, frozenset(Family) - PEOPLE), lambda taken: _judged(taken, role))


def _judged(taken: TokenTrust, role: Role) -> Problem | None:
    if taken.width is not Width.MISSING:
        return None
    whose = "everybody gets tokens from it" if taken.shared else "it signs tokens for all of its tenant's projects"

    return told(
        taken,
        f"takes every token of {taken.issuer}: {whose}",
        Severity.CRITICAL if taken.shared else Severity.HIGH,
        role,
        "StringEquals on the subject",
    )
