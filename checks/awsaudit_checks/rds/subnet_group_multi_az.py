import json

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.inventory import Inventory
from awsaudit.resources.ec2 import Subnet
from awsaudit.resources.rds import DBCluster, DBInstance, DBSubnetGroup
from awsaudit_checks.rds.placement import is_regional, one_a_zone, refuse_unused


# Every other region gives each account three zones at least.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
_TWO_ZONES: Final = frozenset({"us-west-1"})


@check(
    "rds-subnet-group-multi-az",
    title="DB subnet groups span three AZs",
    severity=Severity.LOW,
    uses=(DBInstance, DBCluster, Subnet),
    remediation=Remediation(
        text="Add a subnet in each missing availability zone; databases stay where they are. Where the VPC has none there, "
        "create one with the route table of the others.",
        cli="aws rds modify-db-subnet-group --region {region} --db-subnet-group-name {name} --subnet-ids {subnet_ids}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
)
def subnet_group_multi_az(group: DBSubnetGroup, account: Inventory) -> Iterator[Problem]:
    """
    A database can only be placed, moved or failed over to the zones of its subnet group. With two, the loss of one leaves
    no second place for a standby, and Multi-AZ DB clusters, which need three, cannot be made at all. Three zones pass, two
    in a region that has no more; groups on Outposts, in local zones or without a database are left out.
    """
    refuse_unused(group, account)
    if any(subnet.outpost_arn or not is_regional(subnet.zone, group.region) for subnet in group.subnets):
        raise NotApplicable("it is on an Outpost or in a local zone")
    zones = sorted({subnet.zone or "" for subnet in group.subnets})
    wanted = 2 if group.region in _TWO_ZONES else 3
    if len(zones) < wanted:
        yield Problem(
            f"its subnets are all in {' and '.join(zones) or 'no zone'}",
            expected=f"{wanted} availability zones",
            found=str(len(zones)),
            severity=Severity.MEDIUM if len(zones) < 2 else None,  # noqa: PLR2004 - one zone is no redundancy at all
            fill=_more(group, zones, wanted, account),
        )


def _more(group: DBSubnetGroup, zones: list[str], wanted: int, account: Inventory) -> dict[str, str]:
    """Return the subnets of the group with one more in each missing zone, those without public addresses first."""
    nearby = [s for s in account.seen(Subnet, group.region) if s.vpc_id == group.vpc_id and s.zone not in zones]
    found = one_a_zone((s for s in nearby if not s.public_ipv4), (s for s in nearby if s.public_ipv4))
    more = [found[zone] for zone in sorted(found)][: wanted - len(zones)]
    if len(more) < wanted - len(zones):
        return {}

    return {"subnet_ids": json.dumps([*(subnet.id for subnet in group.subnets), *more])}
