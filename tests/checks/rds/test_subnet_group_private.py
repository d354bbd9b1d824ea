import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import ROUTE_TABLES, RouteTable, Subnet
from awsaudit.resources.ec2 import SUBNETS as VPC_SUBNETS
from awsaudit.resources.rds import CLUSTERS, INSTANCES, SUBNET_GROUPS, DBCluster, DBInstance, DBSubnetGroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.subnet_group_private import subnet_group_private


def group(*subnets):
    item = {
        "DBSubnetGroupArn": "arn:aws:rds:eu-west-1:111122223333:subgrp:staking",
        "DBSubnetGroupName": "staking",
        "VpcId": "vpc-1",
        "Subnets": [{"SubnetIdentifier": one} for one in subnets],
    }
    return fake(DBSubnetGroup, {SUBNET_GROUPS: item})


def instance(*, public=False, engine="postgres", name="validators"):
    item = {
        "DBInstanceIdentifier": name,
        "Engine": engine,
        "PubliclyAccessible": public,
        "DBSubnetGroup": {"DBSubnetGroupName": "staking"},
    }
    return fake(DBInstance, {INSTANCES: item})


def table(*subnets, main=False, **route):
    associations = [{"SubnetId": one, "Main": False} for one in subnets] + ([{"Main": True}] if main else [])
    routes = [{"State": "active", "DestinationCidrBlock": "0.0.0.0/0", **route}] if route else []
    item = {
        "RouteTableId": f"rtb-{subnets or 'main'}",
        "VpcId": "vpc-1",
        "Associations": associations,
        "Routes": routes,
    }
    return fake(RouteTable, {ROUTE_TABLES: item})


def subnet(id_, zone):
    return fake(Subnet, {VPC_SUBNETS: {"SubnetId": id_, "VpcId": "vpc-1", "AvailabilityZone": f"eu-west-1{zone}"}})


PUBLIC = table("subnet-p", "subnet-q", GatewayId="igw-1")
PRIVATE = table(main=True, NatGatewayId="nat-1")


def test_flags_a_public_subnet_and_leaves_the_private_ones():
    """
    A subnet with a default route to an internet gateway is a problem; the command leaves one private subnet a zone.
    """
    subnets = [subnet("subnet-a", "a"), subnet("subnet-b", "b"), subnet("subnet-p", "c"), subnet("subnet-c", "c")]
    (finding,) = run_check(
        subnet_group_private, group("subnet-a", "subnet-p"), instance(public=True), PUBLIC, PRIVATE, *subnets
    )

    assert Status.FAIL is finding.status
    assert Severity.HIGH is finding.severity
    assert "subnet-p routes to an internet gateway; used by validators" == finding.message
    assert (
        "aws rds modify-db-subnet-group --region eu-west-1 --db-subnet-group-name staking "
        """--subnet-ids '["subnet-a", "subnet-b", "subnet-c"]'""" == finding.fix
    )


def test_weighs_less_while_no_database_is_public():
    """
    Where every database of the group is not publicly accessible, it takes a second mistake to expose one.
    """
    cluster = fake(
        DBCluster, {CLUSTERS: {"DBClusterIdentifier": "rewards", "DBSubnetGroup": "staking", "Engine": "mysql"}}
    )
    (finding,) = run_check(subnet_group_private, group("subnet-p", "subnet-q"), instance(), cluster, PUBLIC, PRIVATE)

    assert Severity.MEDIUM is finding.severity
    assert "subnet-p, subnet-q route to an internet gateway; used by rewards, validators" == finding.message
    assert finding.fix is None


def test_flags_the_ipv6_route_of_the_main_table():
    """
    A subnet without a table of its own follows the VPC's main one; ::/0 counts as 0.0.0.0/0 does.
    """
    main = table(main=True, DestinationCidrBlock=None, DestinationIpv6CidrBlock="::/0", GatewayId="igw-1")

    assert [Status.FAIL] == statuses(run_check(subnet_group_private, group("subnet-a"), instance(), main))


@pytest.mark.parametrize(
    "tables",
    [
        [PUBLIC, PRIVATE],
        [table(main=True)],
        [table(main=True, GatewayId="igw-1", State="blackhole")],
        [table(main=True, GatewayId="igw-1"), table("subnet-a")],
        [table(main=True, DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="eigw-1")],
    ],
)
def test_accepts_private_subnets(tables):
    """
    No default route, a dead one, or one to a NAT or egress-only gateway passes.
    """
    assert [Status.PASS] == statuses(run_check(subnet_group_private, group("subnet-a"), instance(), *tables))


@pytest.mark.parametrize("users", [[], [instance(engine="docdb")]])
def test_leaves_out_groups_without_a_database_of_rds(users):
    """
    Unused groups and those of DocumentDB and Neptune only are not judged.
    """
    found = run_check(subnet_group_private, group("subnet-p"), *users, PUBLIC)

    assert [Status.NOT_APPLICABLE] == statuses(found)


def test_says_unknown_where_routes_could_not_be_listed():
    """
    Refused route tables leave open whether the subnets are private.
    """
    found = run_check(subnet_group_private, group("subnet-a"), instance(), unlisted=(RouteTable,))

    assert [Status.UNKNOWN] == statuses(found)
