from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import AvailabilityZone, NetworkInterface, Subnet, Vpc


@check(
    "vpc-subnets-multi-az",
    title="The subnets of a VPC span availability zones",
    severity=Severity.MEDIUM,
    equivalents=("prowler:vpc_subnet_different_az",),
    uses=(Subnet.vpc_id, Subnet.zone_id, Subnet.outpost_arn, AvailabilityZone.kind, NetworkInterface.vpc_id),
    remediation=Remediation(
        text="Make subnets in a second availability zone, with the same routes, and let what runs in the VPC use them.",
        cli=None,
        url="https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
    ),
)
def subnets_multi_az(vpc: Vpc, account: Inventory) -> Iterator[Problem]:
    """
    What has subnets in one availability zone alone stands still along with it: nodes, databases and load balancers have
    nowhere else to go. Local Zones, Wavelength Zones and Outposts are no second zone. VPCs without network interfaces, and
    those that another account shares, are not judged.
    """
    if vpc.owner != vpc.account:
        raise NotApplicable("another account owns it")
    subnets = [subnet for subnet in account.every(Subnet, vpc.region) if subnet.vpc_id == vpc.id]
    if not subnets:
        raise NotApplicable("it has no subnets")
    kinds = {zone.id: zone.kind for zone in account.every(AvailabilityZone, vpc.region)}
    placed = {subnet.zone_id for subnet in subnets if subnet.outpost_arn is None}
    zones = sorted(id_ for id_ in placed if kinds.get(id_) == "availability-zone")
    if len(zones) > 1:
        return
    if account.first(NetworkInterface, lambda interface: interface.vpc_id == vpc.id, vpc.region) is None:
        raise NotApplicable("it has no network interfaces")
    unknown = sorted(placed - kinds.keys())
    if unknown:
        raise Undecided(f"AWS does not tell what kind of zone {unknown[0]} is")
    yield Problem(
        f"its subnets are all in {zones[0]}" if zones else "none of its subnets is in an availability zone",
        expected="subnets in two availability zones",
        found=", ".join(zones) or "none",
    )
