import json

import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.sqs.dlq_exists import dlq_exists


ARN = "arn:aws:sqs:eu-west-1:111122223333"
SOURCE = f"{ARN}:deposits"
DLQ = f"{ARN}:deposits-dlq"


def allow(**policy):
    return {"RedriveAllowPolicy": json.dumps(policy)}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (SOURCE, "the redrive target is the queue itself"),
        (f"{DLQ}.fifo", f"the queue is standard and the redrive target {DLQ}.fifo is FIFO"),
        (DLQ.replace("eu-west-1", "eu-central-1"), "is in another account or region"),
        (DLQ.replace("1111", "9999"), "is in another account or region"),
        (DLQ, f"the redrive target {DLQ} does not exist"),
    ],
)
def test_flags_a_target_that_cannot_take_messages(source, target, message):
    """
    Itself, another type, region or account, or nothing at all: the command makes a queue that fits.
    """
    (finding,) = run_check(dlq_exists, source("deposits", target))

    assert Status.FAIL is finding.status
    assert message in finding.message
    assert finding.fix.startswith("aws sqs create-queue --region eu-west-1 --queue-name deposits-dlq ")
    assert [(SOURCE, True), (target, False)] == [(hop.resource, hop.holds) for hop in finding.path]


def test_flags_a_standard_target_of_a_fifo_queue(source):
    """
    A FIFO queue needs a FIFO dead-letter queue.
    """
    (finding,) = run_check(dlq_exists, source("deposits.fifo", DLQ))

    assert f"the queue is FIFO and the redrive target {DLQ} is standard" == finding.message
    assert "--queue-name deposits-dlq.fifo " in finding.fix


@pytest.mark.parametrize(
    "policy",
    [allow(redrivePermission="denyAll"), allow(redrivePermission="byQueue", sourceQueueArns=[f"{ARN}:rewards"])],
)
def test_flags_a_target_that_refuses_the_source(source, queue, policy):
    """
    A redrive allow policy that denies all, or names other queues, keeps the message in the source; the command admits it.
    """
    (finding,) = run_check(dlq_exists, source("deposits", DLQ), queue("deposits-dlq", **policy))

    assert Status.FAIL is finding.status
    assert finding.fix.startswith(
        "aws sqs set-queue-attributes --region eu-west-1 "
        "--queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/deposits-dlq --attributes "
    )
    assert SOURCE in finding.fix
    assert [(SOURCE, True), (DLQ, False)] == [(hop.resource, hop.holds) for hop in finding.path]


def test_admits_all_where_the_list_of_sources_is_full(source, queue):
    """
    AWS takes ten sources; an eleventh opens the queue to all of the account.
    """
    ten = [f"{ARN}:q{number}" for number in range(10)]
    target = queue("deposits-dlq", **allow(redrivePermission="byQueue", sourceQueueArns=ten))
    (finding,) = run_check(dlq_exists, source("deposits", DLQ), target)

    assert "allowAll" in finding.fix


@pytest.mark.parametrize(
    "policy",
    [{}, allow(redrivePermission="allowAll"), allow(redrivePermission="byQueue", sourceQueueArns=[SOURCE])],
)
def test_accepts_a_target_that_admits_the_source(source, queue, policy):
    """
    Without an allow policy, with one for all, or one that names the queue, messages can move.
    """
    findings = run_check(dlq_exists, source("deposits", DLQ), queue("deposits-dlq", **policy))

    assert [Status.PASS] == statuses(findings)


def test_does_not_judge_a_queue_without_redrive(queue):
    """
    Whether there should be a redrive policy is another check's question.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(dlq_exists, queue("deposits")))


def test_does_not_know_a_target_that_is_hidden(source, hidden):
    """
    The target exists, but its attributes were refused.
    """
    assert [Status.UNKNOWN] == statuses(run_check(dlq_exists, source("deposits", DLQ), hidden("deposits-dlq")))
