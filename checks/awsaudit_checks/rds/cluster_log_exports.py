from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.log_type import Wanted, exporting, missing_exports
from awsaudit_checks.rds.scope import refuse_outside_scope


_WANTED: Final[dict[str, Wanted]] = {
    "aurora-mysql": (("audit",),),
    "aurora-postgresql": (("postgresql",),),
    "postgres": (("postgresql",),),
    "mysql": (("error",), ("slowquery",)),
}


@check(
    "rds-cluster-log-exports",
    title="Cluster logs are exported to CloudWatch",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_cluster_integration_cloudwatch_logs",),
    remediation=Remediation(
        text="Export the missing logs; the cluster is not restarted. Audits and slow queries are only written once the "
        "cluster's parameters turn them on.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} "
        "--cloudwatch-logs-export-configuration {logs}",
        terraform='resource "aws_rds_cluster" "this" {\n  enabled_cloudwatch_logs_exports = jsondecode({all_logs})\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html",
    ),
)
def cluster_log_exports(cluster: DBCluster) -> Iterator[Problem]:
    """
    Logs on the instances of a cluster are gone after days, or with the instance. Exported, they stay for whoever has to
    find out who read or changed what. Asked for is the log that shows it: the audit log of Aurora MySQL, the server log of
    PostgreSQL, the error and slow query logs of MySQL. Serverless v1 exports them by itself.
    """
    refuse_outside_scope(cluster)
    if cluster.engine_mode == "serverless":
        raise NotApplicable("Aurora Serverless v1 exports its logs by itself")
    wanted = _WANTED.get(cluster.engine)
    if wanted is None:
        raise NotApplicable(f"no logs of {cluster.engine} are asked for")
    missing = missing_exports(cluster, wanted)
    if missing:
        yield Problem(
            f"logs not exported: {', '.join(missing)}",
            expected=", ".join(types[0] for types in wanted),
            found=", ".join(cluster.log_exports) or "none",
            fill=exporting(cluster, missing),
        )
