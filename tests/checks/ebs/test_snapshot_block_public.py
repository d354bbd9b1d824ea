import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import Snapshot
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ebs.snapshot_block_public import snapshot_block_public


@pytest.mark.parametrize(("block", "severity"), [("unblocked", Severity.MEDIUM), ("block-new-sharing", Severity.LOW)])
def test_flags_a_region_with_snapshots(settings, snapshot, block, severity):
    """
    Half a block is milder.
    """
    (finding,) = run_check(snapshot_block_public, settings(block=block), snapshot())

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert finding.fix.endswith("--state block-all-sharing")


def test_passes_where_all_is_blocked(settings):
    """
    A declarative policy is remarked on.
    """
    assert [Status.PASS] == statuses(run_check(snapshot_block_public, settings()))
    (by_policy,) = run_check(snapshot_block_public, settings(managed_by="declarative-policy"))
    assert "a declarative policy of the organization sets it" in by_policy.message


def test_a_region_without_snapshots_is_judged_if_asked(settings):
    """
    With strict all regions are; what cannot be seen is unknown.
    """
    unblocked = settings(block="unblocked")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(snapshot_block_public, unblocked))
    assert [Status.FAIL] == statuses(run_check(snapshot_block_public, unblocked, strict=True))
    assert [Status.UNKNOWN] == statuses(run_check(snapshot_block_public, unblocked, unlisted=[Snapshot]))
