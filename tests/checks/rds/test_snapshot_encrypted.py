import pytest

from awsaudit import Status
from awsaudit.resources.rds import CLUSTER_SNAPSHOTS, SNAPSHOTS, DBClusterSnapshot, DBSnapshot
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.snapshot_encrypted import snapshot_encrypted


def snapshot(**fields):
    arn = "arn:aws:rds:eu-west-1:111122223333:snapshot:deposits"
    item = {"DBSnapshotIdentifier": "deposits", "DBSnapshotArn": arn, "Engine": "postgres", **fields}
    return fake(DBSnapshot, {SNAPSHOTS: item})


def cluster_snapshot(**fields):
    arn = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger"
    item = {"DBClusterSnapshotIdentifier": "ledger", "DBClusterSnapshotArn": arn, "Engine": "aurora-mysql", **fields}
    return fake(DBClusterSnapshot, {CLUSTER_SNAPSHOTS: item})


@pytest.mark.parametrize("fields", [{"Encrypted": False}, {"Encrypted": False, "StorageEncryptionType": "none"}])
def test_flags_an_unencrypted_snapshot(fields):
    """
    A snapshot without encryption is a problem; the command copies it encrypted, and then deletes it.
    """
    (finding,) = run_check(snapshot_encrypted, snapshot(**fields))

    assert Status.FAIL is finding.status
    assert (
        "aws rds copy-db-snapshot --region eu-west-1 --source-db-snapshot-identifier deposits "
        "--target-db-snapshot-identifier deposits-encrypted --kms-key-id alias/aws/rds --copy-tags && "
        "aws rds wait db-snapshot-available --region eu-west-1 --db-snapshot-identifier deposits-encrypted && "
        "aws rds delete-db-snapshot --region eu-west-1 --db-snapshot-identifier deposits" == finding.fix
    )


@pytest.mark.parametrize(
    ("engine", "class_"), [("aurora-mysql", ""), ("mysql", " --db-cluster-instance-class db.m6gd.large")]
)
def test_flags_an_unencrypted_snapshot_of_a_cluster(engine, class_):
    """
    A copy of a cluster's snapshot stays unencrypted, so that the command restores it encrypted and takes another one.
    """
    (finding,) = run_check(snapshot_encrypted, cluster_snapshot(StorageEncrypted=False, Engine=engine))

    assert finding.fix.startswith(
        "aws rds restore-db-cluster-from-snapshot --region eu-west-1 "
        "--snapshot-identifier arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger "
        f"--engine {engine} --db-cluster-identifier ledger-encrypted --kms-key-id alias/aws/rds{class_} && "
    )
    assert finding.fix.endswith(
        "aws rds delete-db-cluster-snapshot --region eu-west-1 --db-cluster-snapshot-identifier ledger"
    )


@pytest.mark.parametrize(
    "resource",
    [
        snapshot(Encrypted=True),
        snapshot(Encrypted=False, StorageEncryptionType="sse-rds"),
        cluster_snapshot(StorageEncrypted=True),
        cluster_snapshot(StorageEncrypted=False, StorageEncryptionType="sse-rds"),
        cluster_snapshot(StorageEncryptionType="sse-kms"),
    ],
)
def test_accepts_either_encryption(resource):
    """
    A KMS key passes, and so does a key that AWS owns.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_encrypted, resource))


@pytest.mark.parametrize("engine", ["neptune", "docdb"])
def test_leaves_out_other_services(engine):
    """
    Snapshots of Neptune and DocumentDB are not of RDS.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(snapshot_encrypted, cluster_snapshot(Engine=engine)))
