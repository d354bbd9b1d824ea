from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.parameter import CHANGE_CLUSTER, change_of
from awsaudit_checks.rds.scope import refuse_passing


_LOGGING: Final = "server_audit_logging"
_EVENTS: Final = "server_audit_events"


@check(
    "rds-aurora-mysql-audit-logging",
    title="Aurora MySQL audit logging is switched on in parameters",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Turn auditing on and name its events, in a cluster parameter group of the cluster's own. A group that takes the "
        "place of another one works after the instances were restarted.",
        cli=CHANGE_CLUSTER,
        terraform='resource "aws_rds_cluster_parameter_group" "this" {\n  parameter {\n    name  = "server_audit_logging"\n'
        '    value = "1"\n  }\n  parameter {\n    name  = "server_audit_events"\n'
        '    value = "CONNECT,QUERY_DCL,QUERY_DDL"\n  }\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html",
    ),
)
def aurora_mysql_audit_logging(cluster: DBCluster) -> Iterator[Problem]:
    """
    The audit log of Aurora MySQL says who connected and what they ran; it is empty unless two parameters of the cluster
    turn it on and name its events, even where its export is on. A database activity stream records the same and passes.
    """
    if cluster.engine != "aurora-mysql":
        raise NotApplicable(f"{cluster.engine} has no such parameters")
    refuse_passing(cluster)
    if cluster.activity_stream == "started":
        return
    group = cluster.parameter_group or ""
    if cluster.engine_mode == "serverless" and group.startswith("default."):
        raise NotApplicable("the default parameters of Aurora Serverless v1 cannot be changed")
    values = {parameter.name: parameter.value or "" for parameter in cluster.parameters}
    if _LOGGING not in values:
        raise Undecided(f"the parameter group {group} says nothing of {_LOGGING}")
    on, events = values[_LOGGING].upper() in {"1", "ON"}, values.get(_EVENTS, "")
    if not (on and events):
        change = change_of(cluster, group, {_LOGGING: "1", _EVENTS: events or "CONNECT,QUERY_DCL,QUERY_DDL"})
        yield Problem(
            f"{_EVENTS} names no events in the parameter group {group}"
            if on
            else f"{_LOGGING} is off in the parameter group {group}",
            expected=f"{_LOGGING}=1 and {_EVENTS} named",
            found=f"{_LOGGING}={values[_LOGGING] or 'default (0)'}, {_EVENTS}={events or 'none'}",
            fill=change.fill,
            cli=change.cli,
        )
