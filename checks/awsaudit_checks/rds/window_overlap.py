from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.scope import Database, refuse_member, refuse_outside_scope


_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_WEEK: Final = 7 * _DAY
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLUSTER: Final = (
    "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --preferred-maintenance-window {window}"
)


@check(
    "rds-window-overlap",
    title="Backup and maintenance windows do not overlap",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Move the maintenance window to a time at which no backup is made, and few work.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} "
        "--preferred-maintenance-window {window}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html",
    ),
)
def window_overlap(database: Database) -> Iterator[Problem]:
    """
    A backup that maintenance interrupts is not there when the maintenance went wrong, and one that runs long holds
    maintenance up for a week. The daily backup window and the weekly maintenance window may touch, not overlap. Databases
    without backups are not judged, nor are members of clusters.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    if not database.backup_days:
        raise NotApplicable("it makes no backups of its own")
    if database.backup_window is None or database.maintenance_window is None:
        raise Undecided("AWS tells no backup window, or no maintenance window")
    try:
        backup = _span(database.backup_window, _DAY)
        upkeep = _span(database.maintenance_window, _WEEK)
    except ValueError as wrong:
        raise Undecided(f"a window is of no known form: {wrong}") from wrong
    if _overlap(backup, upkeep):
        window = _moved(backup, upkeep)
        yield Problem(
            f"the maintenance window {database.maintenance_window} meets the backup window {database.backup_window}",
            expected="windows apart",
            found=f"{database.maintenance_window} and {database.backup_window}, UTC",
            fill={"window": window} if window else {},
            cli=_CLUSTER if isinstance(database, DBCluster) else None,
        )


def _span(window: str, period: int) -> tuple[int, int]:
    """
    Return first minute and length, in minutes, of *window*, which repeats after *period* minutes.

    Raises:
        ValueError: It is of no known form.
    """
    start, dash, end = window.partition("-")
    if not dash:
        raise ValueError(window)
    first, last = _minute(start), _minute(end)

    return first, (last - first) % period


def _minute(moment: str) -> int:
    *day, hour, minute = moment.strip().lower().split(":")
    return (_DAYS.index(day[0]) * _DAY if day else 0) + int(hour) * _HOUR + int(minute)


def _overlap(backup: tuple[int, int], upkeep: tuple[int, int]) -> bool:
    (start, length), (first, lasting) = backup, upkeep
    # The backup of the evening before may reach into the maintenance, and the next ones may begin in it.
    after = (start - first) % _DAY

    return after < lasting or after + length > _DAY


def _moved(backup: tuple[int, int], upkeep: tuple[int, int]) -> str | None:
    """Return the maintenance window, as long as before and on the same day, right behind the backup; None if it has no room."""
    (start, length), (first, lasting) = backup, upkeep
    begin = (first // _DAY * _DAY + (start + length) % _DAY) % _WEEK
    if _overlap(backup, (begin, lasting)):
        return None

    return f"{_written(begin)}-{_written((begin + lasting) % _WEEK)}"


def _written(minute: int) -> str:
    day, rest = divmod(minute, _DAY)
    return f"{_DAYS[day]}:{rest // _HOUR:02}:{rest % _HOUR:02}"
