import pytest

from awsaudit import Status
from awsaudit.resources.rds import (
    CLUSTER_SNAPSHOT_PUBLICITY,
    CLUSTER_SNAPSHOTS,
    SNAPSHOT_PUBLICITY,
    SNAPSHOTS,
    DBClusterSnapshot,
    DBSnapshot,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.snapshot_public import snapshot_public


def snapshot(*shares, attribute="restore"):
    attributes = {"DBSnapshotAttributes": [{"AttributeName": attribute, "AttributeValues": list(shares)}]}
    item = {"DBSnapshotIdentifier": "deposits-final", "DBSnapshotArn": "arn:aws:rds:eu-west-1:111122223333:snapshot:x"}
    return fake(DBSnapshot, {SNAPSHOTS: item, SNAPSHOT_PUBLICITY: attributes})


def cluster_snapshot(*shares, engine="docdb"):
    attributes = {"DBClusterSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": list(shares)}]}
    arn = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger"
    item = {"DBClusterSnapshotIdentifier": "ledger", "DBClusterSnapshotArn": arn, "Engine": engine}
    return fake(DBClusterSnapshot, {CLUSTER_SNAPSHOTS: item, CLUSTER_SNAPSHOT_PUBLICITY: attributes})


def test_flags_a_snapshot_shared_with_all():
    """
    A snapshot that everyone may restore is a problem, and the command ends that.
    """
    (finding,) = run_check(snapshot_public, snapshot("444455556666", "all"))

    assert Status.FAIL is finding.status
    assert "everyone with an AWS account may restore it" == finding.message
    assert (
        "aws rds modify-db-snapshot-attribute --region eu-west-1 --db-snapshot-identifier deposits-final "
        "--attribute-name restore --values-to-remove all" == finding.fix
    )


def test_flags_snapshots_of_clusters_whatever_their_service():
    """
    Snapshots of clusters have a command of their own; those of DocumentDB and Neptune are judged too.
    """
    (finding,) = run_check(snapshot_public, cluster_snapshot("all"))

    assert (
        "aws rds modify-db-cluster-snapshot-attribute --region eu-west-1 --db-cluster-snapshot-identifier ledger "
        "--attribute-name restore --values-to-remove all" == finding.fix
    )


@pytest.mark.parametrize(
    "resource", [snapshot(), snapshot("444455556666"), cluster_snapshot(), snapshot("all", attribute="other")]
)
def test_accepts_snapshots_shared_with_nobody_or_with_accounts(resource):
    """
    Nobody, or accounts by their ids, may restore it: that is not public.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_public, resource))


@pytest.mark.parametrize(
    ("kind", "call"), [(DBSnapshot, SNAPSHOT_PUBLICITY), (DBClusterSnapshot, CLUSTER_SNAPSHOT_PUBLICITY)]
)
def test_accepts_encrypted_snapshots_unasked(kind, call):
    """
    Encrypted snapshots cannot be shared with everyone; no call is made, and they pass.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_public, fake(kind, {kind.listing: {}, call: None})))
