import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.deletion_protection import deletion_protection


@pytest.mark.parametrize("described", [{}, {"deletionProtection": False}, {"status": "UPDATING"}])
def test_flags_a_cluster_that_can_be_deleted(make_cluster, described):
    """
    Off, or left out, has a problem and a command that mends it.
    """
    (finding,) = run_check(deletion_protection, make_cluster(**described))

    assert Status.FAIL is finding.status
    assert "aws eks update-cluster-config --region eu-west-1 --name validators --deletion-protection" == finding.fix


def test_accepts_deletion_protection(make_cluster):
    """
    On passes.
    """
    assert [Status.PASS] == statuses(run_check(deletion_protection, make_cluster(deletionProtection=True)))


def test_leaves_foreign_and_unsettled_clusters_alone(make_cluster, connected):
    """
    The setting is for clusters that AWS runs and that are there.
    """
    unsettled = [make_cluster(status=status) for status in ("CREATING", "DELETING", "FAILED")]

    for cluster in (connected, *unsettled):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(deletion_protection, cluster))
