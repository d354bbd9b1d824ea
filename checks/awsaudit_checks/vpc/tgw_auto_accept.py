from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import TransitGateway


@check(
    "vpc-tgw-auto-accept",
    title="Transit gateways do not accept attachments by themselves",
    severity=Severity.HIGH,
    equivalents=("prowler:ec2_transitgateway_auto_accept_vpc_attachments",),
    remediation=Remediation(
        text="Accept attachments one by one. Those that are there stay.",
        cli="aws ec2 modify-transit-gateway --region {region} --transit-gateway-id {id} "
        "--options AutoAcceptSharedAttachments=disable",
        terraform='resource "aws_ec2_transit_gateway" "this" {\n  auto_accept_shared_attachments = "disable"\n}',
        url="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html",
    ),
)
def tgw_auto_accept(gateway: TransitGateway) -> Iterator[Problem]:
    """
    Every account that the gateway is shared with, now or later, puts a VPC of its own on the network by itself, and with
    the default route tables it reaches all others at once. Gateways that are shared with the account are judged at their
    owner's.
    """
    if gateway.owner != gateway.account:
        raise NotApplicable("another account owns it")
    if gateway.state not in {"available", "modifying"}:
        raise NotApplicable(f"the gateway is {gateway.state}")
    if gateway.auto_accept == "enable":
        yield Problem("it accepts attachments of other accounts by itself", expected="disable", found="enable")
