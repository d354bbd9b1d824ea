from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-gateway-changes",
    "ec2",
    "CreateCustomerGateway",
    "DeleteCustomerGateway",
    "AttachInternetGateway",
    "CreateInternetGateway",
    "DeleteInternetGateway",
    "DetachInternetGateway",
)


@check(
    "cloudwatch-monitor-gateway-changes",
    title="Alarms watch network gateway changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_changes_to_network_gateways_alarm_configured",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_gateway_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    An internet gateway is what makes a private network a public one. Gateways are made when a network is, and hardly ever
    afterwards: each such call has to reach somebody in every region that is in use, by a metric filter and an alarm or by a
    rule of EventBridge.
    """
    yield from unheard(_WATCH, account)
