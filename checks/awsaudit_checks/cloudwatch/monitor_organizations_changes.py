from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit.resources.organizations import Organization
from awsaudit_checks.cloudwatch.chain import ALERTS, COUNT
from awsaudit_checks.cloudwatch.monitor import TEXT, URL, Where, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-organizations-changes",
    "organizations",
    "AcceptHandshake",
    "AttachPolicy",
    "CreateAccount",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeclineHandshake",
    "DeleteOrganization",
    "DeleteOrganizationalUnit",
    "DeletePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "MoveAccount",
    "RemoveAccountFromOrganization",
    "UpdatePolicy",
    "UpdateOrganizationalUnit",
    where=Where.HOME,
)


@check(
    "cloudwatch-monitor-organizations-changes",
    title="Alarms watch Organizations changes",
    severity=Severity.LOW,
    uses=(*ALERTS, Organization.management_account),
    equivalents=("prowler:cloudwatch_log_metric_filter_aws_organizations_changes",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_organizations_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Who detaches a service control policy, or moves an account out from under it, undoes the guards of all its accounts at
    once. Each such call has to reach somebody, by a metric filter and an alarm or by a rule of EventBridge. They are recorded
    in the management account: others are not judged.
    """
    management = next((each.management_account for each in account.every(Organization)), None)
    if management is None:
        raise NotApplicable("the account is in no organization")
    if management != account.account:
        raise NotApplicable(f"these calls are recorded in the management account, {management}")
    yield from unheard(_WATCH, account)
