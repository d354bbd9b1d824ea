from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.scope import refuse_member, refuse_outside_scope, source_of


@check(
    "rds-deletion-protection",
    title="Instances have deletion protection",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_deletion_protection",),
    remediation=Remediation(
        text="Turn on deletion protection; it takes effect at once and without interruption.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --deletion-protection "
        "--apply-immediately",
        terraform='resource "aws_db_instance" "this" {\n  deletion_protection = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    ),
)
def deletion_protection(instance: DBInstance) -> Iterator[Problem]:
    """
    Without it one wrong command, or one change of infrastructure code, deletes the database and with it its automated
    backups. A read replica is low, for its source keeps the data. Members of a cluster are judged at the cluster.
    """
    refuse_outside_scope(instance)
    refuse_member(instance)
    if not instance.deletion_protection:
        source = source_of(instance)
        yield Problem(
            f"deletion protection is off; it is a replica of {source}" if source else "deletion protection is off",
            expected="deletion protection",
            found="off",
            severity=Severity.LOW if source else None,
        )
