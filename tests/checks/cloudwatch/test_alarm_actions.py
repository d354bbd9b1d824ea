import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import CompositeAlarm
from awsaudit.resources.codedeploy import APPLICATIONS, DETAILS, GROUPS, Application, DeploymentGroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.cloudwatch.alarm_actions import alarm_actions


SILENT = {"AlarmActions": []}
MUTED = {"ActionsEnabled": False}


def group(*names, enabled=True, hidden=False):
    application = fake(Application, {APPLICATIONS: "signer"})
    alarms = {"alarmConfiguration": {"enabled": enabled, "alarms": [{"name": name} for name in names]}}
    told = {} if hidden else {DETAILS: {"deploymentGroupName": "prod", **alarms}}
    return fake(DeploymentGroup, {GROUPS: "prod", **told}, parent=application)


def judge(judged, *others, **more):
    return run_check(alarm_actions, judged, *others, **more)


def test_accepts_alarms_that_act(alarm, composite):
    """
    With an action for ALARM that is switched on; nothing else is looked at.
    """
    assert [Status.PASS] == statuses(judge(alarm()))
    assert [Status.PASS] == statuses(judge(composite("ALARM(lag)"), unlisted=[CompositeAlarm, DeploymentGroup]))


@pytest.mark.parametrize(
    ("fields", "message", "fix"),
    [
        (
            MUTED,
            "its actions are switched off",
            "aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names lag",
        ),
        (SILENT, "nothing is done when it goes into alarm", None),
        (MUTED | SILENT, "its actions are switched off, and it has none", None),
        (SILENT | {"OKActions": ["arn:aws:sns:x"]}, "nothing is done when it goes into alarm", None),
    ],
)
def test_flags_alarms_that_do_not(alarm, composite, fields, message, fix):
    """
    Which of the two it is decides what mends it: whom to tell is the owner's to say.
    """
    (finding,) = judge(alarm(**fields))

    assert (Status.FAIL, message, fix) == (finding.status, finding.message, finding.fix)
    assert [message] == [f.message for f in judge(composite("ALARM(a)", "lag", **fields))]


def test_does_not_judge_what_a_composite_alarm_acts_on(alarm, composite):
    """
    Directly, through another composite alarm, or the other way round by keeping actions back.
    """
    silent = alarm(**SILENT)
    middle = composite("ALARM(lag)", "middle", **SILENT)
    keeping = composite("ALARM(a)", ActionsSuppressor="arn:aws:cloudwatch:eu-west-1:111122223333:alarm:lag")

    assert [Status.NOT_APPLICABLE] == statuses(judge(silent, composite("ALARM(lag)")))
    assert [Status.NOT_APPLICABLE] == statuses(judge(silent, middle, composite("ALARM(middle)")))
    assert [Status.NOT_APPLICABLE] == statuses(judge(silent, keeping))
    assert [Status.FAIL] == statuses(judge(silent, middle, composite("ALARM(lag-too)", ActionsSuppressor="other")))


def test_does_not_judge_what_stops_deployments(alarm):
    """
    As long as the deployment group asks for it.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(alarm(**SILENT), group("lag")))
    assert [Status.FAIL] == statuses(judge(alarm(**SILENT), group("lag", enabled=False), group("other")))


def test_does_not_judge_what_scales_or_is_watched_elsewhere(alarm):
    """
    A scaling policy's own; and what the option names.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(alarm("TargetTracking-table/t-AlarmHigh", **SILENT)))
    assert [Status.NOT_APPLICABLE] == statuses(judge(alarm(**SILENT), watched=("canary-*", "la?")))


def test_does_not_know_while_others_are_hidden(alarm):
    """
    A composite alarm or a deployment group that could not be seen may act on it.
    """
    assert [Status.UNKNOWN] == statuses(judge(alarm(**SILENT), unlisted=[CompositeAlarm]))
    assert [Status.UNKNOWN] == statuses(judge(alarm(**SILENT), unlisted=[DeploymentGroup]))
    assert [Status.UNKNOWN] == statuses(judge(alarm(**SILENT), group(hidden=True)))
