import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS as VPC_SUBNETS
from awsaudit.resources.ec2 import Subnet
from awsaudit.resources.rds import CLUSTERS, INSTANCES, SUBNET_GROUPS, DBCluster, DBInstance, DBSubnetGroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.subnet_group_multi_az import subnet_group_multi_az


def group(*zones, region="eu-west-1", outpost=None):
    subnets = [
        {
            "SubnetIdentifier": f"subnet-{zone}",
            "SubnetAvailabilityZone": {"Name": zone},
            "SubnetOutpost": {"Arn": outpost} if outpost else {},
        }
        for zone in zones
    ]
    arn = f"arn:aws:rds:{region}:111122223333:subgrp:staking"
    item = {"DBSubnetGroupArn": arn, "DBSubnetGroupName": "staking", "VpcId": "vpc-1", "Subnets": subnets}
    return fake(DBSubnetGroup, {SUBNET_GROUPS: item}, region=region)


def instance(region="eu-west-1", engine="postgres"):
    item = {"DBInstanceIdentifier": "validators", "Engine": engine, "DBSubnetGroup": {"DBSubnetGroupName": "staking"}}
    return fake(DBInstance, {INSTANCES: item}, region=region)


def subnet(zone, **fields):
    item = {"SubnetId": f"subnet-new-{zone[-1]}", "VpcId": "vpc-1", "AvailabilityZone": zone, **fields}
    return fake(Subnet, {VPC_SUBNETS: item})


def test_flags_two_zones_and_names_a_subnet_in_the_third():
    """
    A group in two zones of a region with three has one problem; the command adds a subnet without public addresses.
    """
    zones = ("eu-west-1a", "eu-west-1b")
    others = [
        subnet("eu-west-1c"),
        subnet("eu-west-1b"),
        subnet("eu-west-1-lon-1a"),
        subnet("eu-west-1c", VpcId="vpc-2"),
    ]
    (finding,) = run_check(subnet_group_multi_az, group(*zones), instance(), *others)

    assert Status.FAIL is finding.status
    assert Severity.LOW is finding.severity
    assert "its subnets are all in eu-west-1a and eu-west-1b" == finding.message
    assert (
        "aws rds modify-db-subnet-group --region eu-west-1 --db-subnet-group-name staking "
        """--subnet-ids '["subnet-eu-west-1a", "subnet-eu-west-1b", "subnet-new-c"]'""" == finding.fix
    )


@pytest.mark.parametrize("unlisted", [(), (Subnet,)])
def test_flags_without_a_command_where_no_subnet_is_known(unlisted):
    """
    Where no subnet in a third zone can be seen the verdict stands, and there is no command.
    """
    (finding,) = run_check(subnet_group_multi_az, group("eu-west-1a", "eu-west-1b"), instance(), unlisted=unlisted)

    assert Status.FAIL is finding.status
    assert finding.fix is None


def test_one_zone_weighs_more():
    """
    A group in one zone is worse than one in two.
    """
    (finding,) = run_check(subnet_group_multi_az, group("eu-west-1a"), instance())

    assert Severity.MEDIUM is finding.severity


@pytest.mark.parametrize(
    ("zones", "region"),
    [
        (("eu-west-1a", "eu-west-1b", "eu-west-1c"), "eu-west-1"),
        (("us-west-1a", "us-west-1c"), "us-west-1"),
    ],
)
def test_accepts_three_zones_or_all_there_are(zones, region):
    """
    Three zones pass, and two where accounts get no more.
    """
    found = run_check(subnet_group_multi_az, group(*zones, region=region), instance(region))

    assert [Status.PASS] == statuses(found)


def test_counts_clusters_as_users():
    """
    A group that only a cluster uses is judged.
    """
    cluster = fake(DBCluster, {CLUSTERS: {"DBSubnetGroup": "staking", "Engine": "aurora-mysql"}})

    assert [Status.FAIL] == statuses(run_check(subnet_group_multi_az, group("eu-west-1a"), cluster))


@pytest.mark.parametrize(
    ("resource", "others"),
    [
        (group("eu-west-1a"), []),
        (group("eu-west-1a"), [instance(engine="neptune")]),
        (group("eu-west-1-lon-1a", "eu-west-1a"), [instance()]),
        (group("eu-west-1a", outpost="arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"), [instance()]),
    ],
)
def test_leaves_out_unused_groups_and_the_edge(resource, others):
    """
    Groups without a database of RDS, on Outposts and in local zones are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(subnet_group_multi_az, resource, *others))


def test_one_user_is_enough():
    """
    Databases that could not be listed do not matter once one is seen that uses the group.
    """
    found = run_check(subnet_group_multi_az, group("eu-west-1a"), instance(), unlisted=(DBInstance, DBCluster))

    assert [Status.FAIL] == statuses(found)


def test_says_unknown_where_databases_could_not_be_listed():
    """
    Whether the group is used hangs on all databases.
    """
    found = run_check(subnet_group_multi_az, group("eu-west-1a"), unlisted=(DBCluster,))

    assert [Status.UNKNOWN] == statuses(found)
