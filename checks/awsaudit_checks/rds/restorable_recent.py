import datetime

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.scope import Database, refuse_member, refuse_outside_scope, refuse_replica


NEW = datetime.timedelta(hours=24)

INSTANCE_FIX = (
    "aws rds create-db-snapshot --region {region} --db-instance-identifier {name} "
    '--db-snapshot-identifier {name}-"$(date +%Y%m%d%H%M)" && '
    "aws rds describe-events --region {region} --source-type db-instance --source-identifier {name} --duration 10080"
)
CLUSTER_FIX = (
    "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {name} "
    '--db-cluster-snapshot-identifier {name}-"$(date +%Y%m%d%H%M)" && '
    "aws rds describe-events --region {region} --source-type db-cluster --source-identifier {name} --duration 10080"
)


@check(
    "rds-restorable-recent",
    title="Point-in-time recovery is current",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Take a snapshot now, so that what is there is safe, and look in the events of the last week for why no logs "
        "are uploaded: full storage, tables that cannot be backed up, a lost encryption key.",
        cli=INSTANCE_FIX,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
    ),
)
def restorable_recent(database: Database, *, max_age_minutes: int = 60) -> Iterator[Problem]:
    """
    RDS uploads transaction logs every five minutes. Where the latest restorable time falls behind, backups have stopped
    working without anyone being told, and everything since is lost with the database. Up to an hour passes. What is
    younger than a day, has no backups, or is stopped is not judged.
    """
    _refuse_idle(database)
    until = database.restorable_until
    if until is not None and database.age(until) <= datetime.timedelta(minutes=max_age_minutes):
        return
    if isinstance(database, DBCluster) and database.serverless_pause_seconds is not None:
        raise Undecided("it may be paused, for it pauses when idle; the latest restorable time is old")
    behind = _words(database.age(until)) if until else ""
    yield Problem(
        f"the latest restorable time is {behind} ago" if until else "there is no moment to restore to",
        expected=f"within {max_age_minutes} minutes",
        found=until.isoformat() if until else "none",
        cli=CLUSTER_FIX if isinstance(database, DBCluster) else None,
    )


def _refuse_idle(database: Database) -> None:
    refuse_outside_scope(database)
    refuse_member(database)
    refuse_replica(database)
    if database.backup_days == 0:
        raise NotApplicable("it keeps no backups")
    if database.status != "available":
        raise NotApplicable(f"it is {database.status}")
    if database.created is None or database.age(database.created) <= NEW:
        raise NotApplicable("it is younger than a day")
    if isinstance(database, DBCluster):
        if database.capacity == 0:
            raise NotApplicable("it is paused")
    elif database.backup_target not in {None, "region"}:
        raise NotApplicable("its backups are on an Outpost or in a Local Zone")


def _words(span: datetime.timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((days, "day"), (hours, "hour")) if count]

    return " ".join(parts) or f"{minutes} minutes"
