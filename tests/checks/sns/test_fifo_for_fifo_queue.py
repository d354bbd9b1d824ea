import pytest

from awsaudit import Status
from awsaudit.resources.sns import FIFO_TAGS, TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sns.fifo_for_fifo_queue import fifo_for_fifo_queue


ARN = "arn:aws:sns:eu-west-1:111122223333:payouts.fifo"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:payouts"


def topic(arn=ARN, **tags):
    return fake(Topic, {TOPICS: {"TopicArn": arn}, FIFO_TAGS: [{"Key": k, "Value": v} for k, v in tags.items()]})


def judge(judged, *endpoints, arn=f"{ARN}:1", **more):
    listed = [
        {"SubscriptionArn": f"{arn}{n}", "TopicArn": ARN, "Protocol": "sqs", "Endpoint": endpoint}
        for n, endpoint in enumerate(endpoints)
    ]
    subscriptions = [fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: each}, parent=judged) for each in listed]
    return run_check(fifo_for_fifo_queue, judged, *subscriptions, **more)


@pytest.mark.parametrize("endpoints", [[], [f"{QUEUE}.fifo"]])
def test_accepts_fifo_queues(endpoints):
    """
    All of them, or none at all.
    """
    assert [Status.PASS] == statuses(judge(topic(ordering="required"), *endpoints))


def test_flags_a_standard_queue_where_order_matters():
    """
    Each queue by itself.
    """
    findings = judge(topic(ordering="required"), QUEUE, f"{QUEUE}-copy", f"{QUEUE}.fifo")

    assert [Status.FAIL] * 2 == statuses(findings)
    assert "it sends to the queue payouts, which keeps no order" == findings[0].message


@pytest.mark.parametrize("tags", [{}, {"ordering": "wanted"}, {"order": "required"}])
def test_remarks_on_it_elsewhere(tags):
    """
    A copy for an archive may come in any order.
    """
    (finding,) = judge(topic(**tags), QUEUE)

    assert Status.PASS is finding.status
    assert ("it sends to the queue payouts too, which keeps no order",) == finding.notes


def test_takes_another_tag():
    """
    As key alone, or with a value.
    """
    assert [Status.FAIL] == statuses(judge(topic(sequence="x"), QUEUE, ordered_tag="sequence"))
    assert [Status.PASS] == statuses(judge(topic(sequence="x"), QUEUE, ordered_tag="sequence=y"))


def test_does_not_judge_standard_topics():
    """
    They keep no order anyway.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(topic(ARN.removesuffix(".fifo"))))


def test_leaves_out_what_is_not_confirmed():
    """
    Nothing is sent there.
    """
    assert [Status.PASS] == statuses(judge(topic(ordering="required"), QUEUE, arn="PendingConfirmation"))


def test_does_not_know_what_was_refused():
    """
    Subscriptions, or the tags that decide.
    """
    assert [Status.UNKNOWN] == statuses(judge(topic(), unlisted=[TopicSubscription]))
    assert [Status.UNKNOWN] == statuses(judge(fake(Topic, {TOPICS: {"TopicArn": ARN}}), QUEUE))
