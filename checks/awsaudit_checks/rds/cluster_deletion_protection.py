from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.scope import refuse_outside_scope


@check(
    "rds-cluster-deletion-protection",
    title="Clusters have deletion protection",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_cluster_deletion_protection",),
    remediation=Remediation(
        text="Turn on deletion protection; it takes effect at once and without interruption.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --deletion-protection "
        "--apply-immediately",
        terraform='resource "aws_rds_cluster" "this" {\n  deletion_protection = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html",
    ),
)
def cluster_deletion_protection(cluster: DBCluster) -> Iterator[Problem]:
    """
    Without it one wrong command, or one change of infrastructure code, deletes the cluster with its storage and its
    automated backups.
    """
    refuse_outside_scope(cluster)
    if not cluster.deletion_protection:
        yield Problem("deletion protection is off", expected="deletion protection", found="off")
