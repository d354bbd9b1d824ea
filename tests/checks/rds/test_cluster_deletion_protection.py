import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.cluster_deletion_protection import cluster_deletion_protection


@pytest.mark.parametrize("described", [{}, {"DeletionProtection": False}])
def test_flags_an_unprotected_cluster(make_cluster, described):
    """
    A cluster without protection fails, and the command turns it on.
    """
    (finding,) = run_check(cluster_deletion_protection, make_cluster(**described))

    assert (Status.FAIL, "deletion protection is off") == (finding.status, finding.message)
    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier beacon --deletion-protection "
        "--apply-immediately" == finding.fix
    )


def test_accepts_protection(make_cluster):
    """
    Deletion protection passes.
    """
    assert [Status.PASS] == statuses(run_check(cluster_deletion_protection, make_cluster(DeletionProtection=True)))


def test_leaves_alone_other_services(make_cluster):
    """
    Clusters of Neptune and DocumentDB are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_deletion_protection, make_cluster(Engine="docdb")))
