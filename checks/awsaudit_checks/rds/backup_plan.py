from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.backup import ProtectedResource
from awsaudit.resources.rds import DBCluster, DBInstance
from awsaudit_checks.rds.scope import refuse_member, refuse_outside_scope, refuse_replica


@check(
    "rds-backup-plan",
    title="Databases are covered by AWS Backup",
    severity=Severity.LOW,
    equivalents=("prowler:rds_instance_protected_by_backup_plan", "prowler:rds_cluster_protected_by_backup_plan"),
    uses=(ProtectedResource.arn,),
    remediation=Remediation(
        text="Put the database into a backup plan, by a tag that the plan selects or by its ARN; copies in another account "
        "or a locked vault outlive the account's own administrators.",
        cli=None,
        url="https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html",
    ),
)
def backup_plan(database: DBInstance | DBCluster, account: Inventory, *, min_days: int = 35) -> Iterator[Problem]:
    """
    Automated backups end with the database and after 35 days, and live in its own account and region. AWS Backup keeps
    copies elsewhere. A database of which it holds a recovery point passes, and so does one whose own backups are kept for
    *min_days*, the longest that RDS keeps them. Members and replicas are judged at the cluster and the source.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    refuse_replica(database)
    if database.backup_days >= min_days:
        return
    if account.first(ProtectedResource, lambda held: held.arn == database.arn, database.region) is None:
        yield Problem(
            f"AWS Backup holds no copy of it, and its own backups are kept {database.backup_days} days",
            expected="a recovery point of AWS Backup",
            found="none",
        )
