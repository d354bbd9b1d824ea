import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.window_overlap import window_overlap


def windows(backup, maintenance):
    return {"PreferredBackupWindow": backup, "PreferredMaintenanceWindow": maintenance}


@pytest.mark.parametrize(
    ("backup", "maintenance", "status"),
    [
        ("03:00-03:30", "sun:03:30-sun:04:00", Status.PASS),
        ("03:00-03:30", "sun:02:30-sun:03:00", Status.PASS),
        ("03:00-03:30", "sun:03:00-sun:03:30", Status.FAIL),
        ("03:00-04:00", "sun:03:59-sun:05:00", Status.FAIL),
        ("03:00-04:00", "sun:02:00-sun:03:01", Status.FAIL),
        ("23:45-00:15", "mon:00:00-mon:00:30", Status.FAIL),
        ("23:45-00:15", "mon:00:15-mon:00:45", Status.PASS),
        ("00:00-00:30", "Sun:23:45-Mon:00:15", Status.FAIL),
        ("03:00-06:00", "tue:04:00-tue:04:30", Status.FAIL),
        ("04:00-04:30", "tue:03:00-tue:06:00", Status.FAIL),
    ],
)
def test_windows_may_touch_and_not_overlap(make_instance, make_cluster, backup, maintenance, status):
    """
    Over midnight and over the end of the week as well, for instances and clusters.
    """
    assert [status] == statuses(run_check(window_overlap, make_instance(**windows(backup, maintenance))))
    assert [status] == statuses(run_check(window_overlap, make_cluster(**windows(backup, maintenance))))


@pytest.mark.parametrize(
    ("backup", "maintenance", "window"),
    [
        ("03:00-03:30", "sun:03:00-sun:03:30", "sun:03:30-sun:04:00"),
        ("23:30-00:00", "sun:23:30-mon:00:30", "sun:00:00-sun:01:00"),
        ("22:45-23:45", "sun:23:30-mon:00:00", "sun:23:45-mon:00:15"),
    ],
)
def test_moves_maintenance_behind_the_backup(make_instance, backup, maintenance, window):
    """
    On the same day, as long as it was.
    """
    [finding] = run_check(window_overlap, make_instance(**windows(backup, maintenance)))

    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits "
        f"--preferred-maintenance-window {window}" == finding.fix
    )
    moved = make_instance(**windows(backup, window))
    assert [Status.PASS] == statuses(run_check(window_overlap, moved))


def test_clusters_have_a_command_of_their_own(make_cluster):
    """
    Whose windows they are.
    """
    [finding] = run_check(window_overlap, make_cluster(**windows("03:00-03:30", "sun:03:00-sun:03:30")))

    assert "modify-db-cluster --region eu-west-1 --db-cluster-identifier beacon" in finding.fix


def test_there_is_no_command_where_there_is_no_room(make_instance):
    """
    A backup window of a day leaves none.
    """
    [finding] = run_check(window_overlap, make_instance(**windows("03:00-02:30", "sun:03:00-sun:04:00")))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "more", [{}, windows("03:00", "sun:03:00-sun:03:30"), windows("03:00-03:30", "day:03:00-day:03:30")]
)
def test_windows_that_are_not_told_are_unknown(make_instance, more):
    """
    And those of a form that AWS does not document.
    """
    assert [Status.UNKNOWN] == statuses(run_check(window_overlap, make_instance(**more)))


def test_does_not_apply(make_instance):
    """
    Without backups, and to members of clusters.
    """
    met = windows("03:00-03:30", "sun:03:00-sun:03:30")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(window_overlap, make_instance(**met, BackupRetentionPeriod=0)))
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(window_overlap, make_instance(**met, DBClusterIdentifier="beacon"))
    )
