from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.network import routes_to_internet
from awsaudit.resources.ec2 import RouteTable, Subnet


@check(
    "vpc-subnet-auto-public-ip",
    title="Subnets do not assign public addresses by default",
    severity=Severity.MEDIUM,
    equivalents=("prowler:vpc_subnet_no_public_ip_by_default",),
    uses=(RouteTable.vpc_id, RouteTable.associations, RouteTable.routes),
    remediation=Remediation(
        text="Assign public addresses to those that need one, when they are started. What runs keeps its address. Node "
        "groups of EKS in a public subnet need the setting: move them to private ones first.",
        cli="aws ec2 modify-subnet-attribute --region {region} --subnet-id {id} --no-map-public-ip-on-launch",
        terraform='resource "aws_subnet" "this" {\n  map_public_ip_on_launch = false\n}',
        url="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html",
    ),
)
def subnet_auto_public_ip(subnet: Subnet, account: Inventory) -> Iterator[Problem]:
    """
    Whatever is started in such a subnet is on the internet without anybody having asked for it. Low for default subnets,
    which AWS makes that way, and where no route leads to an internet gateway. Subnets that another account shares are not
    judged.
    """
    if subnet.owner != subnet.account:
        raise NotApplicable("another account owns it")
    if not subnet.public_ipv4:
        return
    reached = not subnet.is_default and routes_to_internet(subnet.id, subnet.vpc_id, subnet.region, account)
    yield Problem(
        f"what is started in it gets a public address{', and the internet a way in' if reached else ''}",
        expected="no public address unless asked for",
        found="a public address for everything",
        severity=None if reached else Severity.LOW,
    )
