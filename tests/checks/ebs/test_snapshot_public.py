from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ebs.snapshot_public import snapshot_public


def test_flags_each_public_snapshot(settings):
    """
    One finding each; blocking new sharing does not help those that are public.
    """
    for block in ("unblocked", "block-new-sharing"):
        first, second = run_check(snapshot_public, settings("snap-1", "snap-2", block=block))
        assert ("snap-1", "snap-2") == (first.sub_key, second.sub_key)
        assert (Status.FAIL, Severity.CRITICAL) == (first.status, first.severity)
        assert "--snapshot-id snap-1 --attribute createVolumePermission" in first.fix


def test_passes_without_any(settings):
    """
    Nothing is shared with everybody.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_public, settings(block="unblocked")))


def test_remarks_where_all_is_blocked(settings):
    """
    AWS treats them as private then.
    """
    (finding,) = run_check(snapshot_public, settings("snap-1"))

    assert Status.PASS is finding.status
    assert "the region blocks all sharing" in finding.message
