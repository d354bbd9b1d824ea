from collections.abc import Iterator

from attrs import evolve

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, check
from awsaudit.access import Policy
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES, allows, names
from awsaudit_checks.iam.held import HOLDERS, own_policies, to_whom


@check(
    "iam-policy-full-admin",
    title="No customer or inline policy allows Action * on Resource *",
    severity=Severity.HIGH,
    uses=HOLDERS,
    remediation=Remediation(
        text="Write a policy of what is needed (IAM Access Analyzer generates one out of CloudTrail's events), give it to "
        "the holder, then take this one away. Administrators belong to AWS's AdministratorAccess, where they are seen.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html",
    ),
    equivalents=(
        "prowler:iam_customer_attached_policy_no_administrative_privileges",
        "prowler:iam_inline_policy_no_administrative_privileges",
    ),
)
def policy_full_admin(holder: ManagedPolicy | Role | User | Group, account: Inventory) -> Iterator[Problem]:
    """
    Whoever has such a policy, or steals the credentials of one who has, owns the account: its data, its logs, its other
    principals. A statement passes that is bound to a principal, a tag, a source or a second factor, by its conditions or by
    a Deny; bound to a region it does not. AWS's policies, boundaries and policies of nobody are not judged.
    """
    for held in own_policies(holder, account):
        found = allows(_without_exceptions(held.policy), ANYTHING, _anything(account), account)
        if found:
            yield Problem(
                f"{names(found)} of {held.policy.name} allows every action on every resource{to_whom(held, account)}",
                expected="the actions and resources that are needed",
                found="Action * on Resource *",
                sub_key="" if isinstance(holder, ManagedPolicy) else held.name,
                fill=held.fill,
                cli=held.delete,
                path=(
                    Hop(holder.arn, type(holder).type),
                    Hop("every action on every resource", "rights", f"{held.policy.name}, {names(found)}"),
                ),
            )


def _without_exceptions(policy: Policy) -> Policy:
    """Return *policy* without statements that allow all but some actions: they are another check's."""
    return evolve(policy, statements=tuple(s for s in policy.statements if not (s.allow and s.not_actions)))


def _anything(account: Inventory) -> str:
    return f"arn:{account.target.partition}:{NOBODY_NAMES}::{account.account}:{NOBODY_NAMES}"
