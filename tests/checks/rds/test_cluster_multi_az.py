import pytest

from awsaudit import Severity, Status
from awsaudit.resources.rds import DBInstance, GlobalCluster
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.cluster_multi_az import cluster_multi_az


@pytest.fixture
def make_members(make_instance):
    """
    Return a function that makes the cluster's members in given zones.
    """

    def make(*zones):
        return [
            make_instance(DBInstanceIdentifier=f"beacon-{number}", AvailabilityZone=zone, DBClusterIdentifier="beacon")
            for number, zone in enumerate(zones, start=1)
        ]

    return make


LONE = [{"DBInstanceIdentifier": "beacon-1", "IsClusterWriter": True}]


def test_accepts_members_in_two_zones(make_cluster, make_members):
    """
    Two members in two zones pass.
    """
    members = make_members("eu-west-1a", "eu-west-1b")

    assert [Status.PASS] == statuses(run_check(cluster_multi_az, make_cluster(), *members))


def test_flags_members_in_one_zone(make_cluster, make_members):
    """
    Two members in one zone fail, and the command adds one in another zone, of the writer's class.
    """
    (finding,) = run_check(cluster_multi_az, make_cluster(), *make_members("eu-west-1a", "eu-west-1a"))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "its 2 members are all in eu-west-1a" == finding.message
    assert (
        "aws rds create-db-instance --region eu-west-1 --db-cluster-identifier beacon "
        "--db-instance-identifier beacon-eu-west-1b --engine aurora-postgresql --db-instance-class db.m7g.large "
        "--availability-zone eu-west-1b" == finding.fix
    )


def test_a_new_member_has_a_name_that_aws_takes(make_cluster, make_members):
    """
    The name of the member to add is cut to 63 characters.
    """
    cluster = make_cluster(DBClusterIdentifier="b" * 63, DBClusterMembers=LONE)
    (finding,) = run_check(cluster_multi_az, cluster, *make_members("eu-west-1a"))

    assert f" --db-instance-identifier {'b' * 52}-eu-west-1b " in finding.fix


def test_flags_a_lone_member(make_cluster, make_members):
    """
    A cluster of one member fails.
    """
    (finding,) = run_check(cluster_multi_az, make_cluster(DBClusterMembers=LONE), *make_members("eu-west-1a"))

    assert (Severity.MEDIUM, "its only member is in eu-west-1a") == (finding.severity, finding.message)


@pytest.mark.parametrize(("writer", "severity"), [(False, Severity.LOW), (True, Severity.MEDIUM)])
def test_a_lone_member_of_a_global_secondary_is_low(make_cluster, make_members, make_global, writer, severity):
    """
    The primary of a global database serves on when a secondary fails; a lone member of the primary stays medium.
    """
    cluster = make_cluster(DBClusterMembers=LONE)
    (finding,) = run_check(cluster_multi_az, cluster, *make_members("eu-west-1a"), make_global(beacon=writer))

    assert severity is finding.severity


def test_a_member_without_a_zone_is_unknown(make_cluster, make_members):
    """
    While a member is being placed, nothing is said.
    """
    (finding,) = run_check(cluster_multi_az, make_cluster(), *make_members("eu-west-1a", None))

    assert (Status.UNKNOWN, "the zone of beacon-2 is not known yet") == (finding.status, finding.message)


def test_members_that_cannot_be_listed_are_unknown(make_cluster):
    """
    Without the instances their zones are not known.
    """
    assert [Status.UNKNOWN] == statuses(run_check(cluster_multi_az, make_cluster(), unlisted=(DBInstance,)))


def test_two_zones_pass_without_the_global_databases(make_cluster, make_members):
    """
    Global databases are only looked at to grade a failure.
    """
    members = make_members("eu-west-1a", "eu-west-1b")
    findings = run_check(cluster_multi_az, make_cluster(), *members, unlisted=(GlobalCluster,))

    assert [Status.PASS] == statuses(findings)


@pytest.mark.parametrize(("multi_az", "status"), [(True, Status.PASS), (False, Status.FAIL)])
def test_multi_az_clusters_say_so_themselves(make_cluster, multi_az, status):
    """
    A cluster of MySQL or PostgreSQL spans three zones unless it says otherwise.
    """
    assert [status] == statuses(run_check(cluster_multi_az, make_cluster(Engine="mysql", MultiAZ=multi_az)))


@pytest.mark.parametrize(
    "described",
    [
        {"EngineMode": "serverless", "DBClusterMembers": []},
        {"EngineMode": "multimaster"},
        {"ClusterScalabilityType": "limitless"},
        {"DBClusterMembers": []},
        {"Engine": "neptune"},
        {"Status": "creating"},
    ],
)
def test_leaves_alone_what_has_no_readers(make_cluster, described):
    """
    Serverless v1, Limitless, clusters without members and other services' clusters are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_multi_az, make_cluster(**described)))


def test_an_owner_can_exempt_a_cluster_by_its_tag(make_cluster):
    """
    With the option, the tag takes a cluster out.
    """
    cluster = make_cluster(TagList=[{"Key": "scratch", "Value": ""}])

    assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_multi_az, cluster, exempt_tag="scratch"))
