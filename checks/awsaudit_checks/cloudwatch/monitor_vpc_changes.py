from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-vpc-changes",
    "ec2",
    "CreateVpc",
    "DeleteVpc",
    "ModifyVpcAttribute",
    "AcceptVpcPeeringConnection",
    "CreateVpcPeeringConnection",
    "DeleteVpcPeeringConnection",
    "RejectVpcPeeringConnection",
)


@check(
    "cloudwatch-monitor-vpc-changes",
    title="Alarms watch VPC changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_changes_to_vpcs_alarm_configured",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_vpc_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    A peering joins a network to another, perhaps of another account, and a new VPC has none of the old one's guards. Each such
    call has to reach somebody in every region that is in use, by a metric filter and an alarm or by a rule of EventBridge.
    The calls of ClassicLink, which went with EC2-Classic, may be left out.
    """
    yield from unheard(_WATCH, account)
