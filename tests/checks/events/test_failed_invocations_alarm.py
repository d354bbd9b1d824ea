import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import METRIC_ALARMS, MetricAlarm
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.failed_invocations_alarm import failed_invocations_alarm


def alarm(metric="FailedInvocations", namespace="AWS/Events", **dimensions):
    listed = {"Namespace": namespace, "MetricName": metric}
    return _alarm({**listed, "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()]})


def expression(text):
    return _alarm({"Metrics": [{"Id": "e1", "Expression": text}]})


def _alarm(described):
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:failed"
    return fake(MetricAlarm, {METRIC_ALARMS: {"AlarmArn": arn, "AlarmName": "failed", **described}})


@pytest.mark.parametrize(
    "others",
    [
        (),
        (alarm(RuleName="other"),),
        (alarm(RuleName="slots", EventBusName="other"),),
        (alarm("Invocations", RuleName="slots"),),
        (alarm(namespace="AWS/SQS"),),
        (expression('SELECT SUM(Errors) FROM "AWS/Lambda"'),),
    ],
)
def test_flags_a_rule_that_fails_unheard(rule, target, others):
    """
    No alarm, or one on something else; the command watches the rule on its bus.
    """
    judged = rule()
    (finding,) = run_check(failed_invocations_alarm, judged, target(judged), *others)

    assert Status.FAIL is finding.status
    words = shlex.split(finding.fix)
    dimensions = json.loads(words[words.index("--dimensions") + 1])
    assert [{"Name": "RuleName", "Value": "slots"}, {"Name": "EventBusName", "Value": "beacon"}] == dimensions


@pytest.mark.parametrize(
    "watching",
    [
        alarm(RuleName="slots"),
        alarm(),
        alarm("InvocationsSentToDlq", RuleName="slots", EventBusName="beacon"),
        expression('SELECT SUM(FailedInvocations) FROM SCHEMA("AWS/Events", RuleName)'),
    ],
)
def test_accepts_an_alarm(rule, target, watching):
    """
    On the rule, on all rules, on what went to the dead-letter queue, or over an expression.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(failed_invocations_alarm, judged, target(judged), watching))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}, {}])
def test_leaves_other_rules_alone(rule, fields):
    """
    Disabled ones, those of AWS's services, and those without targets.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(failed_invocations_alarm, rule(**fields)))


def test_is_unknown_where_alarms_cannot_be_seen(rule, target):
    """
    There may be one.
    """
    judged = rule()
    found = run_check(failed_invocations_alarm, judged, target(judged), unlisted=[MetricAlarm])

    assert [Status.UNKNOWN] == statuses(found)
