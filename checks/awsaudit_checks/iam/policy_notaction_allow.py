from collections.abc import Iterator

from attrs import evolve

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import Policy
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES, allows, names
from awsaudit_checks.iam.held import HOLDERS, own_policies, to_whom


@check(
    "iam-policy-notaction-allow",
    title="No Allow statement uses NotAction with Resource *",
    severity=Severity.MEDIUM,
    uses=HOLDERS,
    remediation=Remediation(
        text="Write the actions that are meant under Action (IAM Access Analyzer generates a policy out of CloudTrail's "
        "events). To keep some away from a wide policy, use a Deny statement beside it.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    ),
)
def policy_notaction_allow(holder: ManagedPolicy | Role | User | Group, account: Inventory) -> Iterator[Problem]:
    """
    Such a statement allows everything but what it names: services that AWS adds next year, and mostly more than its author
    thought of. If what it leaves out does not hold IAM, its holder is an administrator. A statement passes that is bound to
    a principal, a source or a second factor, and a policy whose Deny takes it back. AWS's policies are not judged.
    """
    for held in own_policies(holder, account):
        policy = _exceptions_only(held.policy)
        found = allows(
            policy, ANYTHING, f"arn:{holder.partition}:{NOBODY_NAMES}::{account.account}:{NOBODY_NAMES}", account
        )
        if not found:
            continue
        own = f"arn:{holder.partition}:iam::{account.account}:policy/{NOBODY_NAMES}"
        administrator = bool(allows(policy, "iam:CreatePolicyVersion", own, account))
        but = "; changes of policies are not among them, so it is an administrator's" if administrator else ""
        left_out = ", ".join(dict.fromkeys(action for s in found for action in s.not_actions))
        yield Problem(
            f"{names(found)} of {held.policy.name} allows every action but {left_out}{but}{to_whom(held, account)}",
            expected="the actions that are needed, under Action",
            found=f"NotAction {left_out}",
            sub_key="" if isinstance(holder, ManagedPolicy) else held.name,
            severity=Severity.HIGH if administrator else None,
        )


def _exceptions_only(policy: Policy) -> Policy:
    """Return *policy* with those of its Allow statements alone that allow all but some actions."""
    return evolve(policy, statements=tuple(s for s in policy.statements if not s.allow or s.not_actions))
