import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.instance_multi_az import instance_multi_az


def test_flags_an_instance_in_one_zone(make_instance):
    """
    A Single-AZ instance has one problem that names its zone, and a command that mends it.
    """
    (finding,) = run_check(instance_multi_az, make_instance(MultiAZ=False))

    assert Status.FAIL is finding.status
    assert "it runs in eu-west-1a alone" == finding.message
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --multi-az --apply-immediately"
        == finding.fix
    )


def test_accepts_multi_az(make_instance):
    """
    A standby in another zone passes.
    """
    assert [Status.PASS] == statuses(run_check(instance_multi_az, make_instance(MultiAZ=True)))


def test_accepts_multi_az_to_come(make_instance):
    """
    Multi-AZ that waits for the maintenance window passes with a note.
    """
    (finding,) = run_check(instance_multi_az, make_instance(MultiAZ=False, PendingModifiedValues={"MultiAZ": True}))

    assert (Status.PASS, ("Multi-AZ is about to be turned on",)) == (finding.status, finding.notes)


@pytest.mark.parametrize(
    "described",
    [
        {"DBClusterIdentifier": "beacon"},
        {"ReadReplicaSourceDBInstanceIdentifier": "withdrawals"},
        {"ReadReplicaSourceDBClusterIdentifier": "arn:aws:rds:eu-west-1:111122223333:cluster:beacon"},
        {"Engine": "custom-oracle-ee"},
        {"Engine": "sqlserver-ex"},
        {"BackupTarget": "outposts"},
        {"BackupTarget": "local"},
        {"Engine": "neptune"},
        {"Engine": "docdb"},
        {"DBInstanceStatus": "creating"},
        {"DBInstanceStatus": "deleting"},
    ],
)
def test_leaves_alone_what_has_no_multi_az_of_its_own(make_instance, described):
    """
    Members, replicas, RDS Custom, SQL Server Express, Outposts and other services' databases are not judged.
    """
    finding = run_check(instance_multi_az, make_instance(MultiAZ=False, **described))

    assert [Status.NOT_APPLICABLE] == statuses(finding)


def test_an_owner_can_exempt_an_instance_by_its_tag(make_instance):
    """
    With the option, the tag takes an instance out; other values of it do not.
    """
    instance = make_instance(TagList=[{"Key": "tier", "Value": "scratch"}])

    assert [Status.NOT_APPLICABLE] == statuses(run_check(instance_multi_az, instance, exempt_tag="tier=scratch"))
    assert [Status.FAIL] == statuses(run_check(instance_multi_az, instance, exempt_tag="tier=production"))
