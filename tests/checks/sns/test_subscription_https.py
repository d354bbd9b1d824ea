import pytest

from awsaudit import Status
from awsaudit.resources.sns import (
    FOREIGN_SUBSCRIPTIONS,
    TOPIC_SUBSCRIPTIONS,
    TOPICS,
    ForeignSubscription,
    Topic,
    TopicSubscription,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sns.subscription_https import subscription_https


ARN = "arn:aws:sns:eu-west-1:111122223333:payouts"
FOREIGN = "arn:aws:sns:eu-west-1:444455556666:prices"
TOPIC = fake(Topic, {TOPICS: {"TopicArn": ARN}})


def listed(endpoint, protocol, topic=ARN, **fields):
    owner = {"Owner": "111122223333"}
    return (
        {"SubscriptionArn": f"{topic}:1", "TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint}
        | owner
        | fields
    )


def at_topic(endpoint="http://hooks.northlight.example/sns?token=x", protocol="http", **fields):
    return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed(endpoint, protocol, **fields)}, parent=TOPIC)


def abroad(endpoint="http://hooks.northlight.example/sns?token=x", protocol="http", **fields):
    return fake(ForeignSubscription, {FOREIGN_SUBSCRIPTIONS: listed(endpoint, protocol, FOREIGN, **fields)})


def judge(subscription):
    return run_check(subscription_https, subscription)


@pytest.mark.parametrize("make", [at_topic, abroad])
def test_accepts_other_protocols(make):
    """
    With https, and what is no URL.
    """
    assert [Status.PASS] == statuses(judge(make("https://hooks.northlight.example/sns", "https")))
    assert [Status.PASS] == statuses(judge(make("http@northlight.example", "email")))


@pytest.mark.parametrize("subscription", [at_topic(), at_topic(Owner="444455556666"), abroad()])
def test_flags_http(subscription):
    """
    At the account's topics whoever subscribed, and the account's own at those of others; a token is not repeated.
    """
    (finding,) = judge(subscription)

    assert Status.FAIL is finding.status
    assert finding.message.endswith("go to http://hooks.northlight.example in clear")
    assert "token" not in str(finding)


@pytest.mark.parametrize("make", [at_topic, abroad])
def test_tells_those_apart_that_wait_for_their_confirmation(make):
    """
    They have no ARN yet; each has a finding of its own.
    """
    pending = [make(f"http://hooks.northlight.example/{path}", SubscriptionArn="PendingConfirmation") for path in "ab"]
    (one,), (other,) = map(judge, pending)

    assert [Status.FAIL] * 2 == statuses([one, other])
    assert one.fingerprint != other.fingerprint


def test_does_not_judge_what_is_gone():
    """
    Deleted ones are listed for a while.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(at_topic(SubscriptionArn="Deleted")))


def test_does_not_know_what_was_refused():
    """
    A listing that cannot be read says nothing.
    """
    assert [Status.UNKNOWN] == statuses(judge(fake(TopicSubscription, parent=TOPIC)))
