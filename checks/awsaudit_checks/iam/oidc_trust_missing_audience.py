from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family
from awsaudit.resources.iam import OidcProvider, Role
from awsaudit_checks.iam.audience import USUAL
from awsaudit_checks.iam.token import PEOPLE, key_of, problems_of, taken_by, way
from awsaudit_checks.iam.trust import UPDATE
from awsaudit_checks.repair import bound


@check(
    "iam-oidc-trust-missing-audience",
    title="OIDC federated roles check the token audience",
    severity=Severity.LOW,
    uses=(OidcProvider.arn, OidcProvider.audiences),
    remediation=Remediation(
        text="Add StringEquals on the issuer's aud, with the one audience that tokens for this role are made for.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
)
def oidc_trust_missing_audience(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    A token made for one service can be handed on to another; the audience says whom it is for. AWS refuses audiences that
    the provider does not list, so a role without a condition of its own passes where it lists one only. Where there are
    several, a token for the least of them opens this role.
    """
    found = taken_by(role, account, frozenset(Family) - PEOPLE)
    listed = {t.provider: _audiences(t, account) for t in found}
    if not any(listed[t.provider] for t in found):
        raise NotApplicable("its provider takes no token: it does not exist, or lists no audience")
    yield from problems_of(found, lambda taken: _judged(taken, role, listed))


def _audiences(taken: TokenTrust, account: Inventory) -> tuple[str, ...]:
    if taken.family is Family.GOOGLE:
        # AWS knows Google itself: there is no list, so every application's tokens are taken.
        return ("the application of anybody",) * 2
    provider = account.by_arn(OidcProvider, taken.provider)

    return provider.audiences if provider else ()


def _judged(taken: TokenTrust, role: Role, listed: Mapping[str, tuple[str, ...]]) -> Problem | None:
    audiences = listed[taken.provider]
    if len(audiences) <= 1 or taken.asks("aud") or taken.asks("oaud"):
        return None
    document = None
    usual = USUAL.get(taken.family)
    if usual in audiences and role.trust is not None:
        document = bound(role.trust, {taken.statement.number: ("StringEquals", f"{taken.issuer}:aud", usual)})

    return Problem(
        f"{taken.statement.label} of the trust policy asks for no audience, and tokens of {taken.issuer} are taken that are "
        f"for {' or '.join(dict.fromkeys(audiences))}",
        expected="StringEquals on the audience",
        found="no condition on the audience",
        sub_key=key_of(taken),
        fill={"trust_policy": document} if document else {},
        path=way(taken, role),
    )
