import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.logs import LOG_GROUPS, POLICIES, LogGroup, LogResourcePolicy
from awsaudit.resources.sns import TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.events_logged import events_logged


GROUP_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/health"
GROUP = fake(LogGroup, {LOG_GROUPS: {"logGroupName": "/aws/events/health", "logGroupArn": GROUP_ARN}})
STREAM = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/health"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:health"


@pytest.mark.parametrize("arn", [GROUP_ARN, f"{GROUP_ARN}:*", STREAM])
def test_accepts_what_keeps_them(bus, rule, target, arn):
    """
    A log group, by either form of its ARN, or Firehose.
    """
    judged = rule()
    things = (judged, target(judged, QUEUE, Id="queue"), target(judged, arn), GROUP)

    assert [Status.PASS] == statuses(run_check(events_logged, bus(), *things))


def test_accepts_firehose_behind_a_topic(bus, rule, target, topic, subscription):
    """
    As one of its subscribers.
    """
    judged, at = rule(), topic()
    firehose = subscription(at, Protocol="firehose", Endpoint=STREAM)

    assert [Status.PASS] == statuses(run_check(events_logged, bus(), judged, target(judged), at, firehose))


def test_flags_a_region_that_keeps_nothing(bus, rule, target):
    """
    The command makes a log group, opens it to EventBridge and gives it to the rule.
    """
    judged = rule()
    things = (judged, target(judged, QUEUE, Id="record"), target(judged, f"{GROUP_ARN}-old", Id="old"))
    (finding,) = run_check(events_logged, bus(), *things)
    (there,) = run_check(events_logged, bus(), *things, GROUP)

    create, put, add = finding.fix.split(" && ")
    assert "aws logs create-log-group --region eu-west-1 --log-group-name /aws/events/health" == create
    assert f"{GROUP_ARN}:*" == json.loads(shlex.split(put)[-1])["Statement"][0]["Resource"]
    assert f"aws events put-targets --region eu-west-1 --rule health --targets Id=record-2,Arn={GROUP_ARN}" == add
    assert f"{put} && {add}" == there.fix


def test_rules_of_a_service_have_no_command(bus, rule):
    """
    User Notifications keeps events no longer than AWS Health does.
    """
    (finding,) = run_check(events_logged, bus(), rule(ManagedBy="notifications.amazonaws.com"))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:lambda:eu-west-1:111122223333:function:record",
        "arn:aws:events:eu-west-1:444455556666:event-bus/central",
        "arn:aws:sqs:eu-west-1:444455556666:central",
    ],
)
def test_does_not_know_what_others_do(bus, rule, target, arn):
    """
    A function may keep what it gets.
    """
    judged = rule()

    assert [Status.UNKNOWN] == statuses(run_check(events_logged, bus(), judged, target(judged, arn)))


def test_does_not_know_what_functions_behind_a_topic_do(bus, rule, target, topic, subscription):
    """
    They may keep it, too.
    """
    judged, at = rule(), topic()
    function = subscription(at, Protocol="lambda", Endpoint="arn:aws:lambda:eu-west-1:111122223333:function:record")

    assert [Status.UNKNOWN] == statuses(run_check(events_logged, bus(), judged, target(judged), at, function))


def test_does_not_judge_regions_without_a_rule(bus, rule):
    """
    Nor other buses.
    """
    for other in (bus(), bus(name="beacon")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(events_logged, other, rule(State="DISABLED")))


def test_does_not_know_what_it_cannot_see(bus, rule, target, topic, subscription):
    """
    Rules, targets, log groups, their policies, subscriptions.
    """
    judged, at = rule(), topic()
    policy = fake(LogResourcePolicy, {POLICIES: {"policyName": "events", "policyDocument": "{}"}})
    things = (judged, target(judged, GROUP_ARN, Id="record"), target(judged), at, subscription(at), policy)

    for hidden in (Rule, Target, LogGroup, LogResourcePolicy, TopicSubscription):
        assert [Status.UNKNOWN] == statuses(run_check(events_logged, bus(), *things, unlisted=[hidden]))
