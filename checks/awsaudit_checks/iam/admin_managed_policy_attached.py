from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access.pattern import glob
from awsaudit.resources.iam import Group, Role, User
from awsaudit_checks.iam.held import DETACH
from awsaudit_checks.iam.saml_or_identity_center import IDENTITY_CENTER


# By their whole names: AdministratorAccess-Amplify is another policy.
_POLICIES: Final = ("AdministratorAccess", "IAMFullAccess")
_LINKED: Final = "/aws-service-role/"
# Made by Organizations and Control Tower in each account.
_ORGANIZATION: Final = frozenset({"OrganizationAccountAccessRole", "AWSControlTowerExecution"})
_CDK: Final = glob("cdk-*-cfn-exec-role-*")


@check(
    "iam-admin-managed-policy-attached",
    title="AdministratorAccess is held only by allow-listed roles",
    severity=Severity.HIGH,
    uses=(User.groups,),
    equivalents=(
        "prowler:iam_role_administratoraccess_policy",
        "prowler:iam_user_administrator_access_policy",
        "prowler:iam_group_administrator_access_policy",
    ),
    remediation=Remediation(
        text="Give the holder a policy of what it needs (IAM Access Analyzer generates one out of CloudTrail's events), then "
        "detach this one. Who has to be an administrator belongs under administrators in the configuration.",
        cli=DETACH[Role],
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html",
    ),
)
def admin_managed_policy_attached(holder: Role | User | Group, account: Inventory) -> Iterator[Problem]:
    """
    Whoever gets hold of such a principal owns the account; IAMFullAccess is as good, by a detour of one step. Roles of IAM
    Identity Center, of Organizations and Control Tower pass, and whom the configuration calls an administrator. Behind a
    permissions boundary it weighs less, and so does the role with which the CDK deploys: it is meant to be so.
    """
    if isinstance(holder, Role) and holder.path.startswith(_LINKED):
        raise NotApplicable("a service-linked role, which nobody but AWS edits")
    prefix = f"arn:{holder.partition}:iam::aws:policy/"
    wanted = {f"{prefix}{name}" for name in _POLICIES}
    found = [policy for policy in holder.attached if policy.arn in wanted]
    if not found or _expected(holder, account):
        return
    if isinstance(holder, Group) and not _members(holder, account):
        return
    bound = None if isinstance(holder, Group) else holder.boundary_arn
    less = bool(bound) or (isinstance(holder, Role) and _CDK.matches(holder.name))
    for policy in found:
        yield Problem(
            f"{policy.name} is attached" + (f", within the boundary {bound.rpartition('/')[2]}" if bound else ""),
            expected="the rights that are needed",
            found=policy.name,
            sub_key=policy.name,
            severity=Severity.MEDIUM if less else None,
            fill={"holder": holder.name, "policy": policy.arn},
            cli=DETACH[type(holder)],
        )


def _expected(holder: Role | User | Group, account: Inventory) -> bool:
    if any(glob(wanted).matches(holder.arn) for wanted in account.target.trust.administrators):
        return True

    return isinstance(holder, Role) and (holder.path.startswith(IDENTITY_CENTER) or holder.name in _ORGANIZATION)


def _members(group: Group, account: Inventory) -> bool:
    return account.holding(User.groups, group.name) is not None
