from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, Decision, answer, key_question, settled
from awsaudit.access.pattern import glob
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import Key
from awsaudit_checks.kms.user import users_of


_SIGN: Final = "kms:Sign"
_RULES: Final = ("kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion")


@check(
    "kms-signing-key-separate",
    title="Blockchain signing keys are restricted to signing",
    severity=Severity.HIGH,
    uses=(*RIGHTS, Key.policy, Key.grants),
    remediation=Remediation(
        text="Name the one signer in the key policy with kms:Sign, kms:GetPublicKey and kms:DescribeKey, and leave policy, "
        "grants and deletion to administrators who may not sign.",
        cli=None,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    ),
)
def signing_key_separate(
    key: Key,
    account: Inventory,
    *,
    specs: tuple[str, ...] = ("ECC_SECG_P256K1",),
    signers: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """
    Whoever may sign with the key of an account on a chain moves what it holds, and no transaction can be taken back. One
    signer besides the administrators passes, or those whose ARNs match *signers*; a signer that may also change the key's
    policy, grant its use or delete it fails. Keys of the *specs* are judged: secp256k1, unless ed25519 is added.
    """
    if key.manager != "CUSTOMER" or key.usage != "SIGN_VERIFY" or key.spec not in specs:
        raise NotApplicable(f"it is no key of {', '.join(specs)} for signing")
    found = dict(users_of(_SIGN, key, account))
    unknown = {h: d for h, d in found.items() if signers and not any(glob(s).matches(h.arn) for s in signers)}
    if unknown or (not signers and len(found) > 1):
        yield _too_many(key, unknown or found, named=bool(signers))
    for holder in found:
        for action in _RULES:
            decision = answer(key_question(action, key), holder, account)
            if settled(decision):
                yield _mixed(key, holder, action, decision)
                break


def _too_many(key: Key, found: dict[Role | User, Decision], *, named: bool) -> Problem:
    names = ", ".join(sorted(holder.name for holder in found)[:4])
    first, decision = next(iter(found.items()))
    what = "may sign, and is none of the signers" if named and len(found) == 1 else "may sign"
    return Problem(
        f"{names} {what}" if len(found) == 1 else f"{len(found)} principals may sign: {names}",
        expected="the configured signers" if named else "one signer",
        found=names,
        sub_key="signers",
        path=(Hop(first.arn, type(first).type), Hop(key.arn, Key.type, f"{_SIGN}: {decision.allowed_by[0]}")),
    )


def _mixed(key: Key, holder: Role | User, action: str, decision: Decision) -> Problem:
    return Problem(
        f"{holder.name} may sign and {action}",
        expected="signing only",
        found=action,
        sub_key=holder.arn,
        path=(Hop(holder.arn, type(holder).type), Hop(key.arn, Key.type, f"{action}: {decision.allowed_by[0]}")),
    )
