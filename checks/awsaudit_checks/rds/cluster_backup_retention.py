from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.scope import refuse_outside_scope, refuse_replica


@check(
    "rds-cluster-backup-retention",
    title="Cluster backups are kept at least 7 days",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Keep automated backups for a week or longer; it takes effect at once and without interruption.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --backup-retention-period {days} "
        "--apply-immediately",
        terraform='resource "aws_rds_cluster" "this" {\n  backup_retention_period = {days}\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
    ),
)
def cluster_backup_retention(cluster: DBCluster, *, min_days: int = 7) -> Iterator[Problem]:
    """
    Clusters keep backups for one day unless told otherwise: a deletion or corruption that is found on the second day cannot
    be undone. A continuous backup by AWS Backup passes too. A replica of another cluster is judged at its source.
    """
    refuse_outside_scope(cluster)
    refuse_replica(cluster)
    days = cluster.backup_days
    if days < min_days and not cluster.recovery_point_arn:
        yield Problem(
            f"automated backups are kept {days} day{'' if days == 1 else 's'}",
            expected=f"{min_days} days or more",
            found=f"{days} days",
            fill={"days": str(min_days)},
        )
