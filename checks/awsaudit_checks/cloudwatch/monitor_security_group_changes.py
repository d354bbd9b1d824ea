from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, Call, remarked, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-security-group-changes",
    "ec2",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
)
_LATER: Final = Call("ModifySecurityGroupRules", "ec2", "ModifySecurityGroupRules")


@check(
    "cloudwatch-monitor-security-group-changes",
    title="Alarms watch security group changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_security_group_changes",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_security_group_changes(_: Account, account: Inventory) -> Iterator[Problem | Note]:
    """
    A rule for 0.0.0.0/0 is added in a hurry and forgotten; intruders add one to come back. Each call that changes a group has
    to reach somebody in every region that is in use, by a metric filter and an alarm or by a rule of EventBridge. That
    ModifySecurityGroupRules, which standards do not name, is left out, is remarked on.
    """
    problems = tuple(unheard(_WATCH, account))
    yield from problems
    if not problems:
        yield from remarked(_LATER, account)
