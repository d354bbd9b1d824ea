import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.auto_minor_upgrade import auto_minor_upgrade


@pytest.mark.parametrize("described", [{}, {"Engine": "aurora-mysql", "DBClusterIdentifier": "beacon"}])
def test_flags_upgrades_by_hand(make_instance, described):
    """
    An instance of its own fails, and so does each member of an Aurora cluster.
    """
    (finding,) = run_check(auto_minor_upgrade, make_instance(AutoMinorVersionUpgrade=False, **described))

    assert (Status.FAIL, "minor versions wait to be installed by hand") == (finding.status, finding.message)
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --auto-minor-version-upgrade"
        == finding.fix
    )


def test_accepts_automatic_upgrades(make_instance):
    """
    Automatic minor upgrades pass.
    """
    assert [Status.PASS] == statuses(run_check(auto_minor_upgrade, make_instance(AutoMinorVersionUpgrade=True)))


@pytest.mark.parametrize(
    "described", [{"Engine": "custom-sqlserver-se"}, {"DBClusterIdentifier": "rewards"}, {"Engine": "neptune"}]
)
def test_leaves_alone_custom_and_multi_az_members(make_instance, described):
    """
    RDS Custom must not have it; a Multi-AZ cluster has it at the cluster.
    """
    findings = run_check(auto_minor_upgrade, make_instance(AutoMinorVersionUpgrade=False, **described))

    assert [Status.NOT_APPLICABLE] == statuses(findings)
