import pytest

from awsaudit import Status
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.resources.sns import Subscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.dlq_empty import dlq_empty


DLQ = "arn:aws:sqs:eu-west-1:111122223333:deposits-dlq"


@pytest.mark.parametrize(
    "count",
    ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
)
def test_flags_messages_that_wait(source, queue, count):
    """
    Visible, in flight or delayed: each is work not done, and can be moved back to the source.
    """
    (finding,) = run_check(dlq_empty, queue("deposits-dlq", **{count: "2"}), source("deposits", DLQ))

    assert Status.FAIL is finding.status
    assert "holds about 2 messages that failed" == finding.message
    assert f"aws sqs start-message-move-task --region eu-west-1 --source-arn {DLQ}" == finding.fix


def test_shows_the_messages_of_services(queue):
    """
    AWS moves messages back to queues only; those of a service are shown.
    """
    listed = {"FunctionArn": "arn:f", "FunctionName": "f", "DeadLetterConfig": {"TargetArn": DLQ}}
    function = fake(Function, {FUNCTIONS: listed})
    (finding,) = run_check(dlq_empty, queue("deposits-dlq", ApproximateNumberOfMessages="1"), function)

    assert "holds about 1 message that failed" == finding.message
    assert finding.fix.startswith("aws sqs receive-message --region eu-west-1 --queue-url https://")


def test_accepts_an_empty_one(source, queue):
    """
    Nothing waits.
    """
    assert [Status.PASS] == statuses(run_check(dlq_empty, queue("deposits-dlq"), source("deposits", DLQ)))


def test_does_not_judge_other_queues(queue):
    """
    Messages in a working queue are its purpose.
    """
    findings = run_check(dlq_empty, queue("deposits", ApproximateNumberOfMessages="9"))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


def test_does_not_know_while_something_is_hidden(queue):
    """
    Subscriptions that could not be listed may name the queue.
    """
    findings = run_check(dlq_empty, queue("deposits", ApproximateNumberOfMessages="9"), unlisted=[Subscription])

    assert [Status.UNKNOWN] == statuses(findings)
