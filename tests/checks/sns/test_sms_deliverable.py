import pytest

from awsaudit import Status
from awsaudit.resources.sns import (
    SMS_LIMIT,
    SMS_NUMBERS,
    SMS_SANDBOX,
    TOPIC_SUBSCRIPTIONS,
    TOPICS,
    Topic,
    TopicSubscription,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sns.sms_deliverable import sms_deliverable


ARN = "arn:aws:sns:eu-west-1:111122223333:oncall"
TOPIC = fake(Topic, {TOPICS: {"TopicArn": ARN}})
NUMBER = "+491701234567"


def subscription(endpoint=NUMBER, protocol="sms", arn=f"{ARN}:1", **told):
    listed = {"SubscriptionArn": arn, "TopicArn": ARN, "Protocol": protocol, "Endpoint": endpoint}
    calls = {"sandbox": SMS_SANDBOX, "numbers": SMS_NUMBERS, "limit": SMS_LIMIT}
    details = {calls[name]: value for name, value in told.items()}
    return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed, **details}, parent=TOPIC)


def sms(endpoint=NUMBER, *, sandbox=False, numbers=(), limit="50", **more):
    limits = {"MonthlySpendLimit": limit} if limit else {}
    return subscription(endpoint, sandbox={"IsInSandbox": sandbox}, numbers=list(numbers), limit=limits, **more)


def number(status="Verified", value=NUMBER):
    return {"PhoneNumber": value, "Status": status}


def judge(*subscriptions, **more):
    return run_check(sms_deliverable, TOPIC, *subscriptions, **more)


@pytest.mark.parametrize(
    "subscription", [sms(), sms(sandbox=True, numbers=[number("Pending", "+4930123456"), number()])]
)
def test_accepts_a_number_that_is_sent_to(subscription):
    """
    Out of the sandbox any number, in it a verified one.
    """
    assert [Status.PASS] == statuses(judge(subscription))


@pytest.mark.parametrize(
    ("numbers", "state"),
    [
        ([], "not one of its verified numbers"),
        ([number(value="+491701234568")], "not one of its verified numbers"),
        ([number("Pending")], "not verified yet"),
    ],
)
def test_flags_a_number_that_the_sandbox_keeps_back(numbers, state):
    """
    The number itself is not repeated.
    """
    (finding,) = judge(sms(sandbox=True, numbers=numbers))

    assert f"the account is in the SMS sandbox, and …67 is {state}" == finding.message
    assert NUMBER[3:] not in str(finding)


@pytest.mark.parametrize("limit", ["1", "0"])
def test_flags_the_limit_that_accounts_start_with(limit):
    """
    One dollar is a handful of messages.
    """
    (finding,) = judge(sms(limit=limit))

    assert f"text messages of the account may cost {limit} US dollars a month" == finding.message


def test_each_number_and_the_limit_are_told_apart():
    """
    Two numbers and the limit are three findings.
    """
    findings = judge(sms(sandbox=True, limit="1"), sms("+491701234599", arn=f"{ARN}:2", sandbox=True, limit="1"))

    assert [Status.FAIL] * 3 == statuses(findings)


def test_does_not_know_the_quota():
    """
    Without a limit of its own an account has AWS's quota, which may have been raised; what is wrong besides is told.
    """
    assert [Status.UNKNOWN] == statuses(judge(sms(limit=None)))
    assert [Status.FAIL] == statuses(judge(sms(sandbox=True, limit=None)))


def test_does_not_judge_topics_without():
    """
    Other protocols need no number; nothing is sent to what is not confirmed.
    """
    mail = subscription("oncall@northlight.example", "email")

    assert [Status.NOT_APPLICABLE] == statuses(judge(mail))
    assert [Status.NOT_APPLICABLE] == statuses(judge(sms(arn="PendingConfirmation")))


def test_does_not_know_what_was_refused():
    """
    The subscriptions, the sandbox, its numbers, the limit.
    """
    told = {"sandbox": {"IsInSandbox": True}, "numbers": [number()], "limit": {"MonthlySpendLimit": "50"}}

    assert [Status.UNKNOWN] == statuses(judge(unlisted=[TopicSubscription]))
    for name in told:
        rest = {other: value for other, value in told.items() if other != name}
        assert [Status.UNKNOWN] == statuses(judge(subscription(**rest)))
