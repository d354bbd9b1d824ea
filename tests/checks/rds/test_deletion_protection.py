import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.deletion_protection import deletion_protection


def test_flags_an_unprotected_instance(make_instance):
    """
    An instance without protection fails, and the command turns it on.
    """
    (finding,) = run_check(deletion_protection, make_instance(DeletionProtection=False))

    assert (Severity.MEDIUM, "deletion protection is off") == (finding.severity, finding.message)
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --deletion-protection "
        "--apply-immediately" == finding.fix
    )


@pytest.mark.parametrize(
    "described",
    [
        {"ReadReplicaSourceDBInstanceIdentifier": "withdrawals"},
        {"ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:us-east-1:111122223333:db:withdrawals"},
        {"ReadReplicaSourceDBClusterIdentifier": "withdrawals"},
    ],
)
def test_a_replica_is_low(make_instance, described):
    """
    The source of a replica keeps the data.
    """
    (finding,) = run_check(deletion_protection, make_instance(**described))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "deletion protection is off; it is a replica of withdrawals" == finding.message


def test_accepts_protection(make_instance):
    """
    Deletion protection passes.
    """
    assert [Status.PASS] == statuses(run_check(deletion_protection, make_instance(DeletionProtection=True)))


@pytest.mark.parametrize("described", [{"DBClusterIdentifier": "beacon"}, {"Engine": "docdb"}])
def test_leaves_alone_members(make_instance, described):
    """
    Members are judged at the cluster.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(deletion_protection, make_instance(**described)))
