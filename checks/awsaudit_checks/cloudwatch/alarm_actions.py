import fnmatch

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.codedeploy import DeploymentGroup
from awsaudit_checks.cloudwatch.alarm import Alarm, above, acts, name_of


_ENABLE: Final = "aws cloudwatch enable-alarm-actions --region {region} --alarm-names {name}"
# Auto Scaling makes and changes these itself.
# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
_OF_SCALING: Final = "TargetTracking-"


@check(
    "cloudwatch-alarm-actions",
    title="Alarms act",
    severity=Severity.LOW,
    uses=(
        CompositeAlarm.name,
        CompositeAlarm.rule,
        CompositeAlarm.suppressor,
        CompositeAlarm.actions,
        CompositeAlarm.actions_enabled,
        DeploymentGroup.name,
        DeploymentGroup.alarms,
    ),
    remediation=Remediation(
        text="Give the alarm an action for the state ALARM, such as the topic of the on-call, or switch its actions on; delete "
        "it if nobody needs it.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
    ),
    equivalents=(
        "prowler:cloudwatch_alarm_actions_alarm_state_configured",
        "prowler:cloudwatch_alarm_actions_enabled",
    ),
)
def alarm_actions(
    alarm: MetricAlarm | CompositeAlarm, account: Inventory, *, watched: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    An alarm without action turns red on a page that nobody looks at; often its actions were switched off for a deployment
    and stayed so. Alarms pass that have an action for ALARM and run it. Those are not judged on which another one acts: a
    composite alarm above them or one that they suppress, a CodeDeploy deployment that they stop, a scaling policy. Name
    alarms that something else watches, with wildcards, in *watched*.
    """
    if acts(alarm):
        return
    _refuse_watched(alarm, account, watched)
    muted, has = not alarm.actions_enabled, bool(alarm.actions)
    yield Problem(
        "its actions are switched off" + ("" if has else ", and it has none")
        if muted
        else "nothing is done when it goes into alarm",
        expected="an action for the state ALARM, switched on",
        found="switched off" if muted else "none",
        cli=_ENABLE if has else None,
    )


def _refuse_watched(alarm: Alarm, account: Inventory, watched: tuple[str, ...]) -> None:
    if alarm.name.startswith(_OF_SCALING):
        raise NotApplicable("it is a scaling policy's")
    if any(fnmatch.fnmatchcase(alarm.name, pattern) for pattern in watched):
        raise NotApplicable("something else watches it, says watched")
    for composite in above([alarm], account.seen(CompositeAlarm, alarm.region)):
        if acts(composite):
            raise NotApplicable(f"the composite alarm {composite.name} acts on it")
    for composite in account.seen(CompositeAlarm, alarm.region):
        if composite.suppressor and name_of(composite.suppressor) == alarm.name:
            raise NotApplicable(f"it keeps the actions of the composite alarm {composite.name} back")
    group = account.first(DeploymentGroup, lambda group: _stops(alarm, group), alarm.region)
    if group:
        raise NotApplicable(f"it stops deployments to {group.name}")
    account.every(CompositeAlarm, alarm.region)


def _stops(alarm: Alarm, group: DeploymentGroup) -> bool:
    return group.alarms is not None and group.alarms.enabled and alarm.name in group.alarms.names
