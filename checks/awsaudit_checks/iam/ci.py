"""Roles that builds outside of AWS become."""

from __future__ import annotations

from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Undecided
from awsaudit.access import readable, trust_of
from awsaudit.access.federation import TokenTrust, oidc_scope
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role


CI: Final = (
    Family.GITHUB,
    Family.BITBUCKET,
    Family.GITLAB,
    Family.TERRAFORM,
    Family.CIRCLECI,
    Family.BUILDKITE,
    Family.AZURE_DEVOPS,
    Family.SPACELIFT,
)


def widest_ci(role: Role, account: Inventory) -> TokenTrust:
    """
    Return by what builds become *role*, the widest way where there are several.

    Raises:
        NotApplicable: No build of a known provider does.
        EvidenceMissing: The trust policy was refused.
        Undecided: The trust policy cannot be read, or told.
    """
    trust = readable(trust_of(role))
    scope = oidc_scope(trust, accepted=account.target.trust.subjects) if trust else None
    found = [t for t in (scope.of(*CI) if scope else ()) if t.width is not Width.NOBODY or t.undecided]
    if not found:
        raise NotApplicable("no build of a provider outside of AWS becomes it")
    widest = max(found, key=lambda t: t.width)
    if widest.undecided:
        raise Undecided(widest.undecided)

    return widest


def subject_of(taken: TokenTrust) -> str:
    """Return whose builds *taken* lets in, in words."""
    subjects = ", ".join(taken.values("sub"))
    return f"{taken.family.value} {subjects or 'builds of anybody'}"


def way_of(taken: TokenTrust, role: Role) -> tuple[Hop, ...]:
    """Return the path from the provider's builds to *role*."""
    by = f"its trust policy, {taken.statement.label}, takes their tokens"
    return (
        Hop(subject_of(taken), "subject"),
        Hop(taken.provider, "AWS::IAM::OIDCProvider"),
        Hop(role.arn, Role.type, by),
    )
