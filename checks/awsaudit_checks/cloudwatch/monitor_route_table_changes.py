from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-route-table-changes",
    "ec2",
    "CreateRoute",
    "CreateRouteTable",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "DeleteRouteTable",
    "DeleteRoute",
    "DisassociateRouteTable",
)


@check(
    "cloudwatch-monitor-route-table-changes",
    title="Alarms watch route table changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_changes_to_network_route_tables_alarm_configured",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_route_table_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    One route sends traffic past the firewall, or out to the internet. Each call that changes routes has to reach somebody in
    every region that is in use: by a trail of all regions, a metric filter, an alarm and a confirmed subscription, or by a
    rule of EventBridge.
    """
    yield from unheard(_WATCH, account)
