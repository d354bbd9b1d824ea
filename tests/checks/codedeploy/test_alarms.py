import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.cloudwatch import COMPOSITE_ALARMS, METRIC_ALARMS, CompositeAlarm, MetricAlarm
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codedeploy.alarms import alarms


def alarm(name, kind=MetricAlarm, call=METRIC_ALARMS, region="eu-west-1"):
    arn = f"arn:aws:cloudwatch:{region}:111122223333:alarm:{name}"
    return fake(kind, {call: {"AlarmName": name, "AlarmArn": arn}}, region=region)


def stopping(*names, **more):
    return {"alarmConfiguration": {"enabled": True, "alarms": [{"name": name} for name in names], **more}}


@pytest.mark.parametrize(
    ("configuration", "fixable"),
    [({}, False), (stopping(), False), (stopping("errors", enabled=False), True)],
)
def test_flags_groups_without_alarms(group, configuration, fixable):
    """
    Which alarms a group should have only its owner knows; one that has some, switched off, gets them back.
    """
    [finding] = run_check(alarms, group(**configuration), alarm("errors"))

    assert (Status.FAIL, Severity.LOW, fixable) == (finding.status, finding.severity, finding.fix is not None)


def test_flags_deployments_that_go_on_unseen(group):
    """
    The fix keeps the alarms and takes the exception away.
    """
    blind = group(**stopping("errors", "latency", ignorePollAlarmFailure=True))
    [finding] = run_check(alarms, blind, alarm("errors"), alarm("latency"))
    fixed = json.loads(shlex.split(finding.fix)[-1])

    assert Status.FAIL == finding.status
    assert [Status.PASS] == statuses(
        run_check(alarms, group(alarmConfiguration=fixed), alarm("errors"), alarm("latency"))
    )


def test_flags_alarms_that_do_not_exist(group):
    """
    An alarm of that name in another region is another alarm.
    """
    there = alarm("latency", region="us-east-1")
    [finding] = run_check(alarms, group(**stopping("errors", "latency")), alarm("errors"), there)

    assert (Status.FAIL, "missing", None) == (finding.status, finding.sub_key, finding.fix)
    assert "there is no alarm latency," in finding.message


def test_alarms_of_both_kinds_pass(group):
    """
    Metric alarms and composite ones.
    """
    composite = alarm("service", CompositeAlarm, COMPOSITE_ALARMS)

    assert [Status.PASS] == statuses(
        run_check(alarms, group(**stopping("errors", "service")), alarm("errors"), composite)
    )


@pytest.mark.parametrize("unlisted", [MetricAlarm, CompositeAlarm])
def test_alarms_that_cannot_be_listed_are_unknown(group, unlisted):
    """
    One that was not seen may exist all the same.
    """
    assert [Status.UNKNOWN] == statuses(run_check(alarms, group(**stopping("errors")), unlisted=[unlisted]))
