from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ebs.snapshot_encrypted import snapshot_encrypted


def test_flags_one_that_is_not_encrypted(snapshot):
    """
    The command copies it encrypted.
    """
    (finding,) = run_check(snapshot_encrypted, snapshot(Encrypted=False))

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--source-region eu-west-1 --source-snapshot-id snap-1 --encrypted")


def test_passes_encrypted_ones(snapshot):
    """
    Under whatever key.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_encrypted, snapshot(Encrypted=True)))


def test_one_that_is_not_complete_is_not_judged(snapshot):
    """
    Nothing can be restored from it.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(snapshot_encrypted, snapshot(Encrypted=False, State="error")))
