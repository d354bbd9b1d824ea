import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import VPCS, Vpc
from awsaudit.resources.rds import DBSubnetGroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.in_vpc import in_vpc


def vpc(id_="vpc-1", *, default=True):
    return fake(Vpc, {VPCS: {"VpcId": id_, "IsDefault": default}})


def test_flags_an_instance_in_the_default_vpc(make_instance, make_group):
    """
    The default VPC fails; the command restores the database into another VPC's subnet group.
    """
    elsewhere = make_group(DBSubnetGroupName="data", VpcId="vpc-2")
    (finding,) = run_check(in_vpc, make_instance(), vpc(), vpc("vpc-2", default=False), make_group(), elsewhere)

    assert (Status.FAIL, "it is in the default VPC vpc-1") == (finding.status, finding.message)
    assert (
        "aws rds restore-db-instance-to-point-in-time --region eu-west-1 --source-db-instance-identifier deposits "
        "--target-db-instance-identifier deposits-moved --use-latest-restorable-time --db-subnet-group-name data "
        "--no-publicly-accessible" == finding.fix
    )


def test_there_is_no_command_without_a_place_to_go(make_instance, make_group):
    """
    Where every subnet group is in the default VPC, one has to be made first.
    """
    (finding,) = run_check(in_vpc, make_instance(), vpc(), make_group())

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    ("engine", "ending"),
    [
        (
            "aurora-mysql",
            (
                " && aws rds wait db-cluster-available --region eu-west-1 --db-cluster-identifier beacon-moved && "
                "aws rds create-db-instance --region eu-west-1 --db-cluster-identifier beacon-moved "
                "--db-instance-identifier beacon-moved-1 --engine aurora-mysql "
                '--db-instance-class "$(aws rds describe-db-instances --region eu-west-1 '
                "--filters Name=db-cluster-id,Values=beacon --query 'DBInstances[0].DBInstanceClass' --output text)\""
            ),
        ),
        (
            "mysql",
            (
                ' --db-cluster-instance-class "$(aws rds describe-db-clusters --region eu-west-1 --db-cluster-identifier '
                "beacon --query 'DBClusters[0].DBClusterInstanceClass' --output text)\""
            ),
        ),
    ],
)
def test_flags_a_cluster_by_its_subnet_group(make_cluster, make_group, engine, ending):
    """
    A cluster is where its subnet group is; its command restores a cluster of its kind.
    """
    groups = (make_group(), make_group(DBSubnetGroupName="data", VpcId="vpc-2"))
    (finding,) = run_check(in_vpc, make_cluster(Engine=engine), vpc(), vpc("vpc-2", default=False), *groups)

    assert (
        "aws rds restore-db-cluster-to-point-in-time --region eu-west-1 --source-db-cluster-identifier beacon "
        f"--db-cluster-identifier beacon-moved --use-latest-restorable-time --db-subnet-group-name data{ending}"
        == finding.fix
    )


def test_accepts_another_vpc(make_instance, make_cluster, make_group):
    """
    A VPC of the company's own passes.
    """
    own = vpc(default=False)
    instances = run_check(in_vpc, make_instance(), own)
    clusters = run_check(in_vpc, make_cluster(), own, make_group())

    assert [Status.PASS, Status.PASS] == [*statuses(instances), *statuses(clusters)]


def test_a_vpc_that_is_not_listed_is_unknown(make_instance):
    """
    A VPC that AWS does not list cannot be told from the default one.
    """
    assert [Status.UNKNOWN] == statuses(run_check(in_vpc, make_instance(), vpc("vpc-2")))


def test_a_subnet_group_that_is_not_listed_is_unknown(make_cluster):
    """
    Without its subnet group the VPC of a cluster is not known.
    """
    assert [Status.UNKNOWN] == statuses(run_check(in_vpc, make_cluster(), vpc()))


@pytest.mark.parametrize("kind", [Vpc, DBSubnetGroup])
def test_what_cannot_be_listed_is_unknown(make_cluster, make_group, kind):
    """
    Without VPCs or subnet groups nothing is said of a cluster.
    """
    seen = [r for r in (vpc(), make_group()) if not isinstance(r, kind)]

    assert [Status.UNKNOWN] == statuses(run_check(in_vpc, make_cluster(), *seen, unlisted=(kind,)))


def test_leaves_alone_members_and_what_has_no_vpc(make_instance, make_cluster):
    """
    Clusters stand for their members; outside every VPC there is none to judge.
    """
    member = run_check(in_vpc, make_instance(DBClusterIdentifier="beacon"), vpc())
    outside = run_check(in_vpc, make_instance(DBSubnetGroup=None), vpc())
    express = run_check(in_vpc, make_cluster(DBSubnetGroup=None), vpc())

    assert [Status.NOT_APPLICABLE] * 3 == statuses([*member, *outside, *express])
