import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.sqs.dlq_retention import dlq_retention


ARN = "arn:aws:sqs:eu-west-1:111122223333"
DLQ = f"{ARN}:deposits-dlq"


@pytest.mark.parametrize(("seconds", "span"), [("345600", "4 days"), ("86400", "1 day"), ("60", "60 seconds")])
def test_flags_a_dead_letter_queue_that_keeps_no_longer(source, queue, seconds, span):
    """
    As long as the source is too short, since the age counts on.
    """
    target = queue("deposits-dlq", MessageRetentionPeriod=seconds)
    (finding,) = run_check(dlq_retention, source("deposits", DLQ), target)

    assert Status.FAIL is finding.status
    assert f"the dead-letter queue deposits-dlq keeps messages for {span}, the queue for 4 days" == finding.message
    assert (
        "aws sqs set-queue-attributes --region eu-west-1 "
        "--queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/deposits-dlq "
        "--attributes MessageRetentionPeriod=1209600"
    ) == finding.fix
    assert [True, False] == [hop.holds for hop in finding.path]


def test_accepts_a_longer_retention(source, queue):
    """
    Longer than the source passes.
    """
    target = queue("deposits-dlq", MessageRetentionPeriod="1209600")

    assert [Status.PASS] == statuses(run_check(dlq_retention, source("deposits", DLQ), target))


def test_remarks_on_two_queues_at_the_most(source, queue):
    """
    Where both keep messages for 14 days the dead-letter queue cannot keep them longer.
    """
    most = {"MessageRetentionPeriod": "1209600"}
    (finding,) = run_check(dlq_retention, source("deposits", DLQ, **most), queue("deposits-dlq", **most))

    assert Status.PASS is finding.status
    assert "keep them shorter in the queue" in finding.message


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("deposits.fifo", f"{DLQ}.fifo"),
        ("deposits", DLQ),
        ("deposits", DLQ.replace("1111", "9999")),
        ("deposits", DLQ.replace("west-1", "west-3")),
    ],
    ids=["fifo", "missing", "account", "region"],
)
def test_does_not_judge_other_pairs(source, name, target):
    """
    FIFO pairs start the age anew; what is not in the account's region has no retention to compare.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(dlq_retention, source(name, target)))


def test_does_not_judge_a_queue_without_redrive(queue):
    """
    Without a redrive policy there is no pair.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(dlq_retention, queue("deposits")))


def test_does_not_know_a_hidden_retention(source, hidden):
    """
    The dead-letter queue's attributes were refused.
    """
    assert [Status.UNKNOWN] == statuses(run_check(dlq_retention, source("deposits", DLQ), hidden("deposits-dlq")))
