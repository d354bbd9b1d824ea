import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.member import INSTANCE, changed
from awsaudit_checks.rds.offer import refuse_unoffered
from awsaudit_checks.rds.scope import refuse_custom, refuse_outside_scope


_ON: Final = "--monitoring-interval 60 --monitoring-role-arn"
_LATER: Final = "--apply-immediately"
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "monitoring.rds.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
_ROLE: Final = (
    "aws iam create-role --role-name rds-monitoring-role --assume-role-policy-document {trust} && "
    "aws iam attach-role-policy --role-name rds-monitoring-role --policy-arn {policy} && "
    "aws iam wait role-exists --role-name rds-monitoring-role && "
)


@check(
    "rds-enhanced-monitoring",
    title="Enhanced Monitoring is on",
    severity=Severity.LOW,
    uses=(DBInstance.monitoring_role_arn,),
    equivalents=("prowler:rds_instance_enhanced_monitoring_enabled",),
    remediation=Remediation(
        text="Turn on Enhanced Monitoring, with a role that may send what is measured to CloudWatch Logs.",
        cli=f"{INSTANCE} {_ON} {{role}} {_LATER}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
    ),
)
def enhanced_monitoring(instance: DBInstance, account: Inventory) -> Iterator[Problem]:
    """
    CloudWatch sees a database from outside, once a minute. What the processes, the memory and the disk were doing in the
    seconds before a failover, Enhanced Monitoring alone has kept. Any interval passes; members of clusters are judged one by
    one. What AWS offers no Enhanced Monitoring for is not judged.
    """
    refuse_outside_scope(instance)
    refuse_custom(instance)
    if instance.monitoring_interval:
        return
    refuse_unoffered(instance, [offer.monitoring for offer in instance.offers], "Enhanced Monitoring")
    roles = sorted(each.monitoring_role_arn for each in account.seen(DBInstance) if each.monitoring_role_arn)
    made = f"arn:{instance.partition}:iam::{instance.account}:role/rds-monitoring-role"
    command, fill = changed(instance)
    yield Problem(
        "Enhanced Monitoring is off",
        expected="an interval of 1 to 60 seconds",
        found="off",
        fill={"trust": json.dumps(_TRUST), "policy": _policy(instance), "role": roles[0] if roles else made, **fill},
        cli=f"{'' if roles else _ROLE}{command} {_ON} {{role}} {_LATER}",
    )


def _policy(instance: DBInstance) -> str:
    return f"arn:{instance.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
