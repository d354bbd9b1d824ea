from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import Statement
from awsaudit.access.pattern import glob
from awsaudit.access.policy import Form
from awsaudit.resources.kms import Key
from awsaudit_checks.exposed import policy_of
from awsaudit_checks.kms.share import PUT, filled, shared
from awsaudit_checks.repair import set_apart


# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_USING: Final[Mapping[str, tuple[str, ...]]] = {
    "ENCRYPT_DECRYPT": ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
    "SIGN_VERIFY": ("kms:Sign", "kms:Verify", "kms:GetPublicKey", "kms:DescribeKey"),
    "GENERATE_VERIFY_MAC": ("kms:GenerateMac", "kms:VerifyMac", "kms:DescribeKey"),
    "KEY_AGREEMENT": ("kms:DeriveSharedSecret", "kms:GetPublicKey", "kms:DescribeKey"),
}
_ADMINISTERING: Final = "kms:PutKeyPolicy"
_USE: Final = ("kms:Decrypt", "kms:Sign", "kms:GenerateMac", "kms:DeriveSharedSecret")
_PEOPLE: Final = frozenset({Form.USER, Form.ROLE, Form.SESSION, Form.FEDERATED_USER})


@check(
    "kms-key-policy-wildcard-action",
    title="Only key administrators hold kms:*",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let those who use the key use it, and administrators administer it, in statements of their own; the command "
        "leaves the use. Who may do both is named under [trust] administrators.",
        cli=PUT,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    ),
)
def key_policy_wildcard_action(key: Key, account: Inventory) -> Iterator[Problem]:
    """
    A role that is only to decrypt can by ``kms:*`` also let others in, or have the key deleted with all that it protects.
    The account's root passes, which delegates to IAM, and so do listed actions, be they use or administration. It is low
    where the statement counts through an AWS service only. Foreign accounts and everybody are reported elsewhere.
    """
    policy = policy_of(shared(key))
    if policy is None:
        return
    found = [(s, _holders(s, key.account, account.target.trust.administrators)) for s in policy.statements]
    found = [(statement, holders) for statement, holders in found if holders]
    moved = {statement.number: holders for statement, holders in found}
    fill = filled(set_apart(key.policy or {}, moved, _USING.get(key.usage, ())))
    for statement, holders in found:
        yield Problem(
            f"{statement.label} of its policy lets {', '.join(holders)} use the key and administer it",
            expected="either, by listed actions",
            found=", ".join(statement.actions) or f"everything but {', '.join(statement.not_actions)}",
            sub_key=statement.sid or ", ".join(holders),
            severity=Severity.LOW if any(c.key == "kms:viaservice" for c in statement.conditions) else None,
            fill=fill,
        )


def _holders(statement: Statement, own: str, administrators: tuple[str, ...]) -> tuple[str, ...]:
    """Return who of the account holds all of KMS by *statement*, besides its root and administrators."""
    if not statement.allow or not _is_everything(statement):
        return ()
    named = [e.text for e in statement.principals or () if e.form in _PEOPLE and e.account == own]

    return tuple(text for text in named if not any(fnmatchcase(text, pattern) for pattern in administrators))


def _is_everything(statement: Statement) -> bool:
    """Tell whether one wildcard stands for administering the key and for using it."""
    if statement.not_actions:
        return statement.is_about(_ADMINISTERING) and any(map(statement.is_about, _USE))
    globs = [glob(action, fold=True) for action in statement.actions]

    return any(g.matches(_ADMINISTERING) and any(map(g.matches, _USE)) for g in globs)
