import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import KEYED_PERMISSION, PLAIN_PERMISSION, SNAPSHOTS, Snapshot
from awsaudit.resources.organizations import ACCOUNTS, ORGANIZATION, Organization, OrganizationAccount
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.ebs.snapshot_cross_account import snapshot_cross_account


ALONE = fake(Organization, {ORGANIZATION: None})
MEMBER = fake(OrganizationAccount, {ACCOUNTS: {"Id": "444455556666"}})
STRANGER = "777788889999"


def snapshot(*sharers, call=PLAIN_PERMISSION, **more):
    listed = {"SnapshotId": "snap-1", "State": "completed", "Encrypted": call is KEYED_PERMISSION, **more}
    return fake(Snapshot, {SNAPSHOTS: listed, call: list(sharers)})


@pytest.mark.parametrize("call", [PLAIN_PERMISSION, KEYED_PERMISSION])
def test_flags_each_stranger(call):
    """
    Encrypted with a key of one's own or not at all; members of the organization are none.
    """
    (finding,) = run_check(snapshot_cross_account, snapshot(STRANGER, "444455556666", call=call), ALONE, MEMBER)

    assert (Status.FAIL, STRANGER) == (finding.status, finding.sub_key)
    assert finding.fix.endswith(
        f"--snapshot-id snap-1 --attribute createVolumePermission --operation-type remove --user-ids {STRANGER}"
    )


def test_passes_what_is_shared_with_known_accounts_or_nobody():
    """
    The account itself, its organization, and whom the configuration names.
    """
    own = snapshot("111122223333", "444455556666", STRANGER)

    assert [Status.PASS] == statuses(run_check(snapshot_cross_account, snapshot(), ALONE))
    assert [Status.PASS] == statuses(
        run_check(snapshot_cross_account, own, ALONE, MEMBER, trust=Trust(accounts=(STRANGER,)))
    )


def test_passes_what_the_key_of_aws_encrypts():
    """
    It cannot be shared, and is not asked for.
    """
    kept = fake(
        Snapshot,
        {SNAPSHOTS: {"SnapshotId": "snap-1", "State": "completed", "Encrypted": True}, KEYED_PERMISSION: None},
    )

    assert [Status.PASS] == statuses(run_check(snapshot_cross_account, kept, ALONE))


def test_is_unknown_where_members_cannot_be_seen():
    """
    It may be shared with one.
    """
    (finding,) = run_check(snapshot_cross_account, snapshot(STRANGER), ALONE, unlisted=[OrganizationAccount])

    assert Status.UNKNOWN is finding.status
    assert "organizations:ListAccounts" in finding.message


def test_one_that_is_not_complete_is_not_judged():
    """
    Nothing can be restored from it.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(snapshot_cross_account, snapshot(State="error"), ALONE))
