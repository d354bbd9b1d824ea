import datetime

from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.backup import ProtectedResource
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.scope import refuse_member, refuse_outside_scope, refuse_replica


RECENT = datetime.timedelta(hours=48)


@check(
    "rds-backup-retention",
    title="Backups are kept at least 7 days",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_backup_enabled",),
    uses=(ProtectedResource.arn, ProtectedResource.last_backup),
    remediation=Remediation(
        text="Keep automated backups for a week or longer. Turning them on from 0 suspends I/O for a moment and waits for "
        "the maintenance window, unless you add --apply-immediately.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --backup-retention-period {days}",
        terraform='resource "aws_db_instance" "this" {\n  backup_retention_period = {days}\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html",
    ),
)
def backup_retention(instance: DBInstance, account: Inventory, *, min_days: int = 7) -> Iterator[Problem]:
    """
    A deletion or corruption that is found after the last backup is gone cannot be undone; without automated backups there
    is no recovery to a point in time at all, which is high. A continuous backup by AWS Backup passes; recent snapshots by
    AWS Backup make a short retention low. Members of clusters and replicas are judged at the cluster and the source.
    """
    refuse_outside_scope(instance)
    refuse_member(instance)
    refuse_replica(instance)
    days = instance.backup_days
    if days >= min_days or instance.recovery_point_arn:
        return
    yield Problem(
        f"automated backups are kept {days} day{'s' if days > 1 else ''}" if days else "automated backups are off",
        expected=f"{min_days} days or more",
        found=f"{days} days",
        severity=_severity(instance, account),
        fill={"days": str(min_days)},
    )


def _severity(instance: DBInstance, account: Inventory) -> Severity | None:
    if instance.backup_days == 0:
        return Severity.HIGH

    def covers(protected: ProtectedResource) -> bool:
        last = protected.last_backup
        return protected.arn == instance.arn and last is not None and instance.age(last) <= RECENT

    # Only what was seen mends the verdict, so that a list that was refused leaves the failure standing.
    return Severity.LOW if any(covers(p) for p in account.seen(ProtectedResource, instance.region)) else None
