from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.access.policy import Form, named
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.kms import Grant, Key
from awsaudit_checks.exposed import crossing, exposure_of, may_do, stranger_problems
from awsaudit_checks.kms.share import MEND, PUT, shared


_REVOKE: Final = "aws kms revoke-grant --region {region} --key-id {id} --grant-id {grant}"


@check(
    "kms-key-policy-cross-account",
    title="Keys are shared only with known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the key policy, or revoke the grant; or name the account under [trust] accounts if "
        "it is yours.",
        cli=PUT,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    ),
)
def key_policy_cross_account(key: Key, account: Inventory) -> Iterator[Problem | Note]:
    """
    An account that nobody knows decrypts what is encrypted under the key as soon as it gets hold of it. A grant does the same
    without a line in the policy. Your own account, those of your organization and those under ``[trust]`` pass, and so do AWS
    services, unless the policy binds them to what an account that nobody knows has.
    """
    asked = shared(key)
    found = exposure_of(asked, account)
    zone = zone_of(account)
    grants = [(grant, zone.has(_account(grant))) for grant in key.grants if _account(grant)]
    strange = [grant for grant, known in grants if known is False]
    sure = any(opening.known is False for opening in crossing(found)) if found else False
    if zone.unseen and not strange and not sure and any(known is None for _, known in grants):
        raise EvidenceMissing(zone.unseen)
    yield from stranger_problems(asked, found, account, MEND, beside=bool(strange))
    for grant in strange:
        yield _granted(key, grant)
    for grant, known in grants:
        if known is None:
            yield Note(f"the grant {grant.id} is for {grant.grantee}; whose that is could not be seen: {zone.unseen}")
    yield from (_stale(grant) for grant in key.grants if named("AWS", grant.grantee).form is Form.UNIQUE_ID)


def _account(grant: Grant) -> str | None:
    """Return the account of the grantee; None for services and for principals that were deleted."""
    return named("AWS", grant.grantee).account


def _granted(key: Key, grant: Grant) -> Problem:
    who = f"account {_account(grant)}"
    return Problem(
        f"the grant {grant.id} lets {grant.grantee} do {may_do(grant.operations)}",
        expected="known accounts only",
        found=who,
        sub_key=grant.id,
        path=(Hop(who, "outside"), Hop(key.arn, Key.type, f"the grant {grant.id} for {grant.grantee}")),
        fill={"grant": grant.id},
        cli=_REVOKE,
    )


def _stale(grant: Grant) -> Problem:
    return Problem(
        f"the grant {grant.id} is for {grant.grantee}, a principal that was deleted",
        expected="principals that exist",
        found=grant.grantee,
        sub_key=grant.id,
        severity=Severity.LOW,
        fill={"grant": grant.id},
        cli=_REVOKE,
    )
