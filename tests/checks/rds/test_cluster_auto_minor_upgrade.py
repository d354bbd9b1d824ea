import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.cluster_auto_minor_upgrade import cluster_auto_minor_upgrade


@pytest.mark.parametrize("engine", ["mysql", "postgres"])
def test_flags_upgrades_by_hand(make_cluster, engine):
    """
    A Multi-AZ cluster that waits for somebody fails.
    """
    (finding,) = run_check(cluster_auto_minor_upgrade, make_cluster(Engine=engine, AutoMinorVersionUpgrade=False))

    assert (Status.FAIL, "minor versions wait to be installed by hand") == (finding.status, finding.message)
    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier beacon --auto-minor-version-upgrade"
        == finding.fix
    )


def test_accepts_automatic_upgrades(make_cluster):
    """
    Automatic minor upgrades pass.
    """
    cluster = make_cluster(Engine="mysql", AutoMinorVersionUpgrade=True)

    assert [Status.PASS] == statuses(run_check(cluster_auto_minor_upgrade, cluster))


@pytest.mark.parametrize("engine", ["aurora-mysql", "aurora-postgresql", "neptune", "docdb"])
def test_leaves_alone_other_clusters(make_cluster, engine):
    """
    Aurora is judged on its members, and Neptune and DocumentDB not at all.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_auto_minor_upgrade, make_cluster(Engine=engine)))
