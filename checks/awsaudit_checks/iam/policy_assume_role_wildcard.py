from collections.abc import Iterator, Mapping

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit.resources.organizations import Organization
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES, allows, names
from awsaudit_checks.iam.held import HOLDERS, Held, bound, own_policies, to_whom


ASSUME = "sts:AssumeRole"
# No account has this id: what matches it is a wildcard.
NO_ACCOUNT = "999999999999"


@check(
    "iam-policy-assume-role-wildcard",
    title="No policy allows sts:AssumeRole on every role",
    severity=Severity.MEDIUM,
    uses=(*HOLDERS, Organization.id),
    remediation=Remediation(
        text="List the ARNs of the roles that are needed. Until then the command binds the statement to the roles of your "
        "organization, or of your account where it is in none; a policy has at most five versions.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html",
    ),
    equivalents=("prowler:iam_no_custom_policy_permissive_role_assumption",),
)
def policy_assume_role_wildcard(holder: ManagedPolicy | Role | User | Group, account: Inventory) -> Iterator[Problem]:
    """
    Which roles somebody becomes is then decided by trust policies alone, here and in every other account: one that trusts
    your account lets them in, whoever wrote it. Named roles pass, patterns within an account, and statements that a
    condition or a Deny binds to an account, an organization or tags of the role.
    """
    policies = own_policies(holder, account)
    judged = [held for held in policies if not _is_of_administrator(held, account)]
    if not judged:
        raise NotApplicable("it allows every action, which is another check's")
    role = f"arn:{account.target.partition}:iam::{NO_ACCOUNT}:role/{NOBODY_NAMES}"
    for held in judged:
        found = allows(held.policy, ASSUME, role, account)
        if found:
            yield Problem(
                f"{names(found)} of {held.policy.name} allows assuming every role{to_whom(held, account)}",
                expected="named roles",
                found=", ".join(dict.fromkeys(r for s in found for r in s.resources)) or "every role",
                sub_key="" if isinstance(holder, ManagedPolicy) else held.name,
                fill=_bound(held, [s.number for s in found], account),
                cli=held.put,
                path=(
                    Hop(holder.arn, type(holder).type),
                    Hop("every role that trusts it", "rights", f"{held.policy.name}, {names(found)}"),
                ),
            )


def _is_of_administrator(held: Held, account: Inventory) -> bool:
    whole = f"arn:{account.target.partition}:{NOBODY_NAMES}::{account.account}:{NOBODY_NAMES}"
    return any(not s.not_actions for s in allows(held.policy, ANYTHING, whole, account))


def _bound(held: Held, numbers: list[int], account: Inventory) -> Mapping[str, str]:
    """Return the policy with the statements bound to the organization, or to the account, to fill the command with."""
    condition = ("StringEquals", "aws:ResourceAccount", account.account)
    try:
        organization = next(iter(account.every(Organization)), None)
    except EvidenceMissing:
        return held.fill
    if organization and organization.id:
        condition = ("StringEquals", "aws:ResourceOrgID", organization.id)

    return bound(held, numbers, ASSUME, condition)
