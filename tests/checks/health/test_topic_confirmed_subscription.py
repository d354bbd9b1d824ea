import json

import pytest

from awsaudit import Status
from awsaudit.resources.sns import Topic, TopicSubscription
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.topic_confirmed_subscription import topic_confirmed_subscription


TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:health"


@pytest.fixture(name="judge")
def judge_fixture(rule, target, topic, subscription):
    """Return a function that judges a rule whose topic has one subscription, as it is told."""

    def judge(pattern=None, changed=None, others=(), fields=None, **told):
        judged = rule(**({"pattern": pattern} if pattern else {}), **(fields or {}))
        at = topic()
        things = (target(judged, **(changed or {})), at, subscription(at, **told), *others)
        return run_check(topic_confirmed_subscription, judged, *things)

    return judge


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.health"]},
        {"source": [{"prefix": "aws."}], "detail-type": ["AWS Health Abuse Event"]},
        {"source": ["aws.health"], "detail": {"service": ["EC2"], "eventTypeCategory": ["issue"]}},
        {"$or": [{"source": ["aws.health"]}, {"source": ["aws.rds"]}]},
        {"account": ["111122223333"]},
        {"source": ["aws.health"], "$or": [{"detail": {"service": ["EC2"]}}, {"resources": ["arn:x"]}]},
    ],
)
def test_accepts_a_confirmed_subscription(judge, pattern):
    """
    Any rule that lets some event of AWS Health through is one, whatever it narrows them to.
    """
    assert [Status.PASS] == statuses(judge(pattern))


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ({"source": ["aws.ec2"]}, {}),
        ({"source": ["aws.health*"]}, {}),
        ({"source": ["aws.health"], "account": ["444455556666"]}, {}),
        ({"source": ["aws.health"], "detail-type": ["AWS Health"]}, {}),
        ({"source": ["aws.health"], "severity": ["high"]}, {}),
        (None, {"State": "DISABLED"}),
        (None, {"ManagedBy": "notifications.amazonaws.com"}),
        (None, {"EventBusName": "beacon"}),
        (None, {"EventPattern": None, "ScheduleExpression": "rate(1 day)"}),
    ],
)
def test_does_not_judge_other_rules(judge, pattern, fields):
    """
    A text with a star and no wildcard operator matches nothing; services send to the default bus only.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(pattern, fields=fields))


def test_does_not_judge_other_targets(judge):
    """
    A queue is another check's.
    """
    queue = {"destination": "arn:aws:sqs:eu-west-1:111122223333:health"}

    assert [Status.NOT_APPLICABLE] == statuses(judge(changed=queue))


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        ("PendingConfirmation", "has no subscription but one that nobody confirmed"),
        ("Deleted", "has no subscription"),
    ],
)
def test_flags_a_topic_that_nobody_hears(judge, arn, why):
    """
    What is not confirmed gets nothing; whom to subscribe is for the owner to say.
    """
    (finding,) = judge(arn=arn)

    assert f"its topic {TOPIC_ARN} {why}" == finding.message
    assert finding.fix is None
    assert ["AWS Health", "AWS::Events::Rule", "AWS::SNS::Topic"] == [hop.type for hop in finding.path]
    assert [True, True, False] == [hop.holds for hop in finding.path]


def test_flags_a_topic_that_is_gone(rule, target):
    """
    The rule goes on naming a topic that was deleted.
    """
    judged = rule()
    (finding,) = run_check(topic_confirmed_subscription, judged, target(judged))

    assert f"its topic {TOPIC_ARN} does not exist" == finding.message


@pytest.mark.parametrize(
    ("policy", "scope"),
    [
        ({"severity": ["high"]}, None),
        ({"source": ["aws.health"]}, "MessageAttributes"),
        ({"source": ["aws.ec2"]}, "MessageBody"),
        ({"severity": ["high"]}, "MessageBody"),
    ],
)
def test_flags_filters_that_keep_them_out(judge, policy, scope):
    """
    EventBridge publishes without message attributes; the command takes the filter off.
    """
    (finding,) = judge(FilterPolicy=json.dumps(policy), **({"FilterPolicyScope": scope} if scope else {}))

    assert f"the filter policies of the topic {TOPIC_ARN} keep events of AWS Health out" == finding.message
    assert (
        f"aws sns set-subscription-attributes --region eu-west-1 --subscription-arn {TOPIC_ARN}:1 "
        "--attribute-name FilterPolicy --attribute-value '{}'" == finding.fix
    )


@pytest.mark.parametrize(
    ("policy", "scope"),
    [
        ({}, None),
        ({"severity": [{"exists": False}]}, "MessageAttributes"),
        ({"source": ["aws.health"], "detail": {"service": ["RDS"]}}, "MessageBody"),
    ],
)
def test_accepts_filters_that_let_them_through(judge, policy, scope):
    """
    An empty one, one that asks for the absence of an attribute, one on the message itself.
    """
    told = {"FilterPolicy": json.dumps(policy), **({"FilterPolicyScope": scope} if scope else {})}

    assert [Status.PASS] == statuses(judge(**told))


def test_does_not_know_filters_on_what_a_target_makes_of_an_event(judge):
    """
    A transformed event is not the one that we know.
    """
    told = {"FilterPolicy": '{"source": ["aws.ec2"]}', "FilterPolicyScope": "MessageBody"}
    changed = {"InputTransformer": {"InputTemplate": '"<title>"'}}

    assert [Status.UNKNOWN] == statuses(judge(changed=changed, **told))
    assert [Status.UNKNOWN] == statuses(judge(**{**told, "FilterPolicy": '{"source": [{"regex": "a"}]}'}))


def test_one_of_several_is_enough(judge, topic, subscription, rule, target):
    """
    A filtered subscription and a refused one do not matter beside one that gets everything.
    """
    judged, at = rule(), topic()
    filtered = subscription(at, arn=f"{TOPIC_ARN}:2", FilterPolicy='{"a": ["b"]}')
    hidden = subscription(at, arn=f"{TOPIC_ARN}:3", hidden=True)

    assert [Status.PASS] == statuses(
        run_check(topic_confirmed_subscription, judged, target(judged), at, filtered, hidden, subscription(at))
    )
    assert [Status.UNKNOWN] == statuses(
        run_check(topic_confirmed_subscription, judged, target(judged), at, filtered, hidden)
    )


def test_does_not_know_what_it_cannot_see(rule, target):
    """
    A topic in another account, one that could not be listed, and one whose subscriptions could not.
    """
    judged = rule()
    elsewhere = target(judged, TOPIC_ARN.replace("111122223333", "444455556666"))

    assert [Status.UNKNOWN] == statuses(run_check(topic_confirmed_subscription, judged, elsewhere))
    for kind in (Topic, TopicSubscription):
        findings = run_check(topic_confirmed_subscription, judged, target(judged), unlisted=[kind])
        assert Status.PASS not in statuses(findings)
    assert [Status.UNKNOWN] == statuses(
        run_check(topic_confirmed_subscription, judged, target(judged), unlisted=[Topic])
    )


def test_a_failure_is_told_beside_what_cannot_be_seen(rule, target):
    """
    One topic is gone for certain, the other is another account's.
    """
    judged = rule()
    elsewhere = target(judged, TOPIC_ARN.replace("111122223333", "444455556666"), Id="central")

    assert [Status.FAIL] == statuses(run_check(topic_confirmed_subscription, judged, elsewhere, target(judged)))


def test_does_not_know_a_pattern_that_is_not_understood(judge):
    """
    An operator that is newer than the matcher is no reason to say anything.
    """
    (finding,) = judge({"source": [{"regex": "aws.*"}]})

    assert Status.UNKNOWN is finding.status
    assert "the event pattern is not understood: source: there is no operator regex" == finding.message
