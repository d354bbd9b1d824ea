from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import FlowLog, NetworkInterface, Subnet, Vpc


@check(
    "vpc-flow-logs",
    title="VPCs have flow logs",
    severity=Severity.MEDIUM,
    equivalents=("prowler:vpc_flow_logs_enabled",),
    uses=(
        FlowLog.resource_id, FlowLog.status, FlowLog.traffic, FlowLog.delivery, Subnet.id, Subnet.vpc_id,
        NetworkInterface.vpc_id,
    ),
    remediation=Remediation(
        text="Record at least what is refused; into a bucket or log group of yours.",
        cli=None,
        url="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
    ),
)  # fmt: skip
def flow_logs(vpc: Vpc, account: Inventory) -> Iterator[Problem]:
    """
    After a break-in nobody can tell who talked to whom unless it was recorded. An active flow log of the VPC passes that
    records all or the refused traffic and whose delivery does not fail, and so do such ones of all its subnets. Low for
    a VPC without network interfaces; one that another account shares is not judged.
    """
    if vpc.owner != vpc.account:
        raise NotApplicable("another account owns it")
    logs = [log for log in account.every(FlowLog, vpc.region) if _works(log)]
    recorded = {log.resource_id for log in logs}
    subnets = {subnet.id for subnet in account.every(Subnet, vpc.region) if subnet.vpc_id == vpc.id}
    if vpc.id in recorded or (subnets and subnets <= recorded):
        return
    busy = account.first(NetworkInterface, lambda interface: interface.vpc_id == vpc.id, vpc.region)
    some = len(subnets & recorded)
    yield Problem(
        f"its traffic is recorded in {some} of {len(subnets)} subnets" if some else "its traffic is not recorded",
        expected="an active flow log",
        found=f"{some} of {len(subnets)} subnets" if some else "none",
        severity=None if busy else Severity.LOW,
    )


def _works(log: FlowLog) -> bool:
    return log.status == "ACTIVE" and log.traffic in {"ALL", "REJECT"} and log.delivery != "FAILED"
