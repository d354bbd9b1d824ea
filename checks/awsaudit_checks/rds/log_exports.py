from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.log_type import Wanted, exporting, missing_exports
from awsaudit_checks.rds.scope import refuse_custom, refuse_member, refuse_outside_scope


_WANTED: Final[dict[str, Wanted]] = {
    "postgres": (("postgresql",),),
    "mysql": (("error",), ("slowquery", "audit")),
    "mariadb": (("error",), ("slowquery", "audit")),
    "sqlserver": (("error",), ("agent",)),
    "oracle": (("alert",), ("audit",)),
    "db2": (("diag.log",),),
}
"""The logs that matter, by the engine's name up to its edition."""


@check(
    "rds-log-exports",
    title="Database logs are exported to CloudWatch",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_integration_cloudwatch_logs",),
    remediation=Remediation(
        text="Export the missing logs; the database is not restarted. Slow queries and audits are only written once the "
        "engine's own parameters turn them on.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} "
        "--cloudwatch-logs-export-configuration {logs}",
        terraform='resource "aws_db_instance" "this" {\n  enabled_cloudwatch_logs_exports = jsondecode({all_logs})\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html",
    ),
)
def log_exports(instance: DBInstance) -> Iterator[Problem]:
    """
    Logs on the instance are gone after days, or with the instance, and whoever takes over the database can drop them.
    Exported, they stay for whoever has to find out what happened. The error log is asked for, with what shows the queries:
    for MySQL and MariaDB the slow query log or the audit log. Only what the engine version can export counts.
    """
    refuse_outside_scope(instance)
    refuse_member(instance)
    refuse_custom(instance)
    wanted = _WANTED.get(instance.engine.partition("-")[0])
    if wanted is None:
        raise NotApplicable(f"no logs of {instance.engine} are asked for")
    missing = missing_exports(instance, wanted)
    if missing:
        yield Problem(
            f"logs not exported: {', '.join(missing)}",
            expected=", ".join(types[0] for types in wanted),
            found=", ".join(instance.log_exports) or "none",
            fill=exporting(instance, missing),
        )
