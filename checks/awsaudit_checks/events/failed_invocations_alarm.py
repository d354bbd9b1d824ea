import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.cloudwatch import MetricAlarm, Watched
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed


_METRICS: Final = frozenset({"FailedInvocations", "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq"})


@check(
    "events-failed-invocations-alarm",
    title="Failed invocations raise an alarm",
    severity=Severity.MEDIUM,
    uses=(Target.id, MetricAlarm.metric, MetricAlarm.metrics, MetricAlarm.actions_enabled, MetricAlarm.actions),
    remediation=Remediation(
        text="Raise an alarm when EventBridge cannot call a target; tell it whom to notify (--alarm-actions).",
        cli="aws cloudwatch put-metric-alarm --region {region} --alarm-name {alarm} --namespace AWS/Events "
        "--metric-name FailedInvocations --dimensions {dimensions} --statistic Sum --period 300 --evaluation-periods 1 "
        "--threshold 0 --comparison-operator GreaterThanThreshold --treat-missing-data notBreaching",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html",
    ),
)
def failed_invocations_alarm(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A target that was deleted or keeps EventBridge out makes no noise: events are tried for a day and dropped. An alarm on
    failed invocations of the rule passes, or on what went to its dead-letter queue, or an expression over these metrics.
    Whether the alarm reaches anybody is told by cloudwatch-alarm-actions and cloudwatch-alarm-topic-reachable.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    if not account.children(rule, Target):
        raise NotApplicable("it has no targets")
    if account.first(MetricAlarm, lambda alarm: _watches(alarm, rule), rule.region) is None:
        wanted = {"RuleName": rule.name} | ({} if rule.bus_name == "default" else {"EventBusName": rule.bus_name})
        dimensions = [{"Name": name, "Value": value} for name, value in wanted.items()]
        yield Problem(
            "no alarm tells when its targets cannot be called",
            expected="an alarm on FailedInvocations",
            found="none",
            fill={"alarm": f"events-{rule.name}-failed", "dimensions": json.dumps(dimensions)},
        )


def _watches(alarm: MetricAlarm, rule: Rule) -> bool:
    return any(_is_of(series, rule) for series in (alarm.metric, *alarm.metrics))


def _is_of(series: Watched, rule: Rule) -> bool:
    if series.expression:
        return any(metric in series.expression for metric in _METRICS)
    if series.namespace != "AWS/Events" or series.metric not in _METRICS:
        return False

    return series.dimensions.get("RuleName", rule.name) == rule.name and (
        series.dimensions.get("EventBusName", rule.bus_name) == rule.bus_name
    )
