from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.kms import Key
from awsaudit_checks.exposed import exposure_of, public_problems
from awsaudit_checks.kms.share import MEND, PUT, shared


# What tells of a key, or checks what was signed; and what makes new ciphertexts and codes, but opens none.
_TELLING: Final = ("describe", "getpublickey", "verify", "list", "getkeypolicy", "getkeyrotationstatus")
_MAKING: Final = ("encrypt", "generatemac")


@check(
    "kms-key-policy-public",
    title="Key policies are not public",
    severity=Severity.CRITICAL,
    uses=ZONE,
    remediation=Remediation(
        text="Name who may use the key, or bind the statement to your account by kms:CallerAccount.",
        cli=PUT,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
    ),
    equivalents=("prowler:kms_key_not_publicly_accessible",),
)
def key_policy_public(key: Key, account: Inventory) -> Iterator[Problem]:
    """
    Anybody with an AWS account can then decrypt what they get hold of, or sign in your name. Severity goes by what is open:
    high where one may only encrypt or make codes, low where one may only look or verify. ``kms:ViaService`` and the
    encryption context bind no account; ``kms:CallerAccount``, your organization, or a Deny on all others do.
    """
    asked = shared(key)
    yield from public_problems(asked, exposure_of(asked, account), account, MEND, severity=_severity)


def _severity(opening: Opening) -> Severity | None:
    names = [action.partition(":")[2].lower() for action in opening.actions]
    if all(name.startswith(_TELLING) for name in names):
        return Severity.LOW

    return Severity.HIGH if all(name.startswith((*_TELLING, *_MAKING)) for name in names) else None
