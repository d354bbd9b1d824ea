from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import Policy, Statement
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES, allows, names
from awsaudit_checks.iam.held import HOLDERS, own_policies, to_whom


_ACTIONS: Final = ("kms:Decrypt", "kms:ReEncryptFrom")


@check(
    "iam-policy-kms-decrypt-all",
    title="No identity policy allows decryption on all KMS keys",
    severity=Severity.MEDIUM,
    uses=HOLDERS,
    equivalents=("prowler:iam_policy_no_full_access_to_kms", "prowler:iam_inline_policy_no_full_access_to_kms"),
    remediation=Remediation(
        text="Name the keys under Resource, or bind the statement to a service by kms:ViaService, to an alias by "
        "kms:ResourceAliases, or to an encryption context.",
        cli=None,
        url="https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
    ),
)
def policy_kms_decrypt_all(holder: ManagedPolicy | Role | User | Group, account: Inventory) -> Iterator[Problem]:
    """
    Most key policies leave it to IAM who decrypts. Who may with any key reads every secret, disk copy and queue that it can
    get at, those of keys made tomorrow too, and the key is no second lock any more. Named keys pass, and statements that
    conditions bind. Policies that allow everything, and AWS's own, are other checks' business.
    """
    for held in own_policies(holder, account):
        found = _found(held.policy, account)
        if found:
            statements = tuple(dict.fromkeys(s for some in found.values() for s in some))
            yield Problem(
                f"{names(statements)} of {held.policy.name} allows {' and '.join(found)} with every key{to_whom(held, account)}",
                expected="named keys, or a condition that binds their use",
                found=" and ".join(found),
                sub_key="" if isinstance(holder, ManagedPolicy) else held.name,
            )


def _found(policy: Policy, account: Inventory) -> dict[str, tuple[Statement, ...]]:
    """Return what *policy* allows with a key that it cannot mean by name, in any region of the scan."""
    partition, own = account.target.partition, account.account
    if allows(policy, ANYTHING, f"arn:{partition}:{NOBODY_NAMES}::{own}:{NOBODY_NAMES}", account):
        return {}
    found: dict[str, tuple[Statement, ...]] = {}
    for action in _ACTIONS:
        for region in account.regions:
            by = allows(policy, action, f"arn:{partition}:kms:{region}:{own}:key/{NOBODY_NAMES}", account)
            if by:
                found[action] = by
                break

    return found
