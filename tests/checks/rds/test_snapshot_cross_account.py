import pytest

from awsaudit import Status
from awsaudit.resources.organizations import ACCOUNTS, OrganizationAccount
from awsaudit.resources.rds import (
    CLUSTER_SNAPSHOT_SHARES,
    CLUSTER_SNAPSHOTS,
    SNAPSHOT_SHARES,
    SNAPSHOTS,
    DBClusterSnapshot,
    DBSnapshot,
)
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit_checks.rds.snapshot_cross_account import snapshot_cross_account


PARTNER = "444455556666"
MEMBER = fake(OrganizationAccount, {ACCOUNTS: {"Id": PARTNER}})


def snapshot(*shares):
    attributes = {"DBSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": list(shares)}]}
    item = {"DBSnapshotIdentifier": "deposits-final", "DBSnapshotArn": "arn:aws:rds:eu-west-1:111122223333:snapshot:x"}
    return fake(DBSnapshot, {SNAPSHOTS: item, SNAPSHOT_SHARES: attributes})


def test_flags_each_unknown_account():
    """
    Every account that is neither the own, nor in the organization, nor configured is a problem of its own.
    """
    findings = run_check(snapshot_cross_account, snapshot(ACCOUNT, PARTNER, "777788889999", "222233334444"), MEMBER)

    assert ["222233334444", "777788889999"] == [finding.sub_key for finding in findings]
    assert "account 222233334444, which is not in the organization, may restore it" == findings[0].message
    assert (
        "aws rds modify-db-snapshot-attribute --region eu-west-1 --db-snapshot-identifier deposits-final "
        "--attribute-name restore --values-to-remove 222233334444" == findings[0].fix
    )


def test_flags_snapshots_of_clusters():
    """
    Snapshots of clusters have a command of their own.
    """
    attributes = {"DBClusterSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": [PARTNER]}]}
    item = {"DBClusterSnapshotIdentifier": "ledger"}
    resource = fake(DBClusterSnapshot, {CLUSTER_SNAPSHOTS: item, CLUSTER_SNAPSHOT_SHARES: attributes})
    (finding,) = run_check(snapshot_cross_account, resource)

    assert (
        "aws rds modify-db-cluster-snapshot-attribute --region eu-west-1 --db-cluster-snapshot-identifier ledger "
        "--attribute-name restore --values-to-remove 444455556666" == finding.fix
    )


@pytest.mark.parametrize("unlisted", [(), (OrganizationAccount,)])
@pytest.mark.parametrize("shares", [(), (ACCOUNT,), ("999900001111",)])
def test_accepts_nobody_the_own_and_configured_accounts(shares, unlisted):
    """
    These pass, even where the organization could not be asked.
    """
    found = run_check(snapshot_cross_account, snapshot(*shares), unlisted=unlisted, known_accounts=("999900001111",))

    assert [Status.PASS] == statuses(found)


def test_accepts_accounts_of_the_organization():
    """
    An account that the organization lists is known.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_cross_account, snapshot(PARTNER), MEMBER))


def test_leaves_public_snapshots_to_their_own_check():
    """
    What is shared with everyone is reported once.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(snapshot_cross_account, snapshot("all", PARTNER)))


def test_says_unknown_where_the_organization_could_not_be_asked():
    """
    Whether an account is in the organization cannot be told from a member account.
    """
    found = run_check(snapshot_cross_account, snapshot(PARTNER), unlisted=(OrganizationAccount,))

    assert [Status.UNKNOWN] == statuses(found)
