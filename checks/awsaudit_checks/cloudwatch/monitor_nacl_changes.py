from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-nacl-changes",
    "ec2",
    "CreateNetworkAcl",
    "CreateNetworkAclEntry",
    "DeleteNetworkAcl",
    "DeleteNetworkAclEntry",
    "ReplaceNetworkAclEntry",
    "ReplaceNetworkAclAssociation",
)


@check(
    "cloudwatch-monitor-nacl-changes",
    title="Alarms watch network ACL changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_changes_to_network_acls_alarm_configured",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_nacl_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    A network ACL keeps traffic off a whole subnet, whatever security groups let in; an entry that lets everything in undoes
    that unnoticed. Each such call has to reach somebody in every region that is in use, by a metric filter and an alarm or by
    a rule of EventBridge.
    """
    yield from unheard(_WATCH, account)
