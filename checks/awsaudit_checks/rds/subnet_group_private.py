import json

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.inventory import Inventory
from awsaudit.network import routes_to_internet
from awsaudit.resources.ec2 import RouteTable, Subnet
from awsaudit.resources.rds import DBCluster, DBInstance, DBSubnetGroup
from awsaudit_checks.rds.placement import one_a_zone, users_of


@check(
    "rds-subnet-group-private",
    title="DB subnets are private",
    severity=Severity.HIGH,
    uses=(DBInstance, DBCluster, Subnet, RouteTable),
    remediation=Remediation(
        text="Leave only private subnets in the group. RDS refuses to drop a subnet that a database is in: move that database "
        "first, by a failover or by restoring it into a private group.",
        cli="aws rds modify-db-subnet-group --region {region} --db-subnet-group-name {name} --subnet-ids {subnet_ids}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
)
def subnet_group_private(group: DBSubnetGroup, account: Inventory) -> Iterator[Problem]:
    """
    In a subnet whose default route is an internet gateway, one setting (PubliclyAccessible) and one security group rule are
    all that keep the internet from a database. In a private subnet neither mistake exposes it. It weighs less while no
    database of the group is publicly accessible; groups without a database of RDS are left out.
    """
    users = users_of(group, account)
    public = sorted(s.id for s in group.subnets if _is_public(s.id, group, account))
    if public:
        names = ", ".join(sorted({user.name for user in users}))
        yield Problem(
            f"{', '.join(public)} {'routes' if len(public) == 1 else 'route'} to an internet gateway; used by {names}",
            expected="no default route to an internet gateway",
            found=f"{len(public)} of {len(group.subnets)} subnets public",
            severity=None if any(user.public for user in users) else Severity.MEDIUM,
            fill=_private(group, account),
        )


def _is_public(subnet_id: str, group: DBSubnetGroup, account: Inventory) -> bool:
    return routes_to_internet(subnet_id, group.vpc_id or "", group.region, account)


def _private(group: DBSubnetGroup, account: Inventory) -> dict[str, str]:
    """Return one private subnet of the VPC in each zone, the group's own first; nothing if they are in one zone only."""
    own = {subnet.id for subnet in group.subnets}
    nearby = [s for s in account.seen(Subnet, group.region) if s.vpc_id == group.vpc_id]
    private = [s for s in nearby if not _is_public(s.id, group, account)]
    chosen = one_a_zone((s for s in private if s.id in own), (s for s in private if s.id not in own))

    return {"subnet_ids": json.dumps([chosen[zone] for zone in sorted(chosen)])} if len(chosen) > 1 else {}
