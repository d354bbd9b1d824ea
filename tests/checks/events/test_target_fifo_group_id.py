import pytest

from awsaudit import Severity, Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.target_fifo_group_id import target_fifo_group_id


FIFO = "arn:aws:sqs:eu-west-1:111122223333:withdrawals.fifo"
URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/withdrawals.fifo"
GROUP = {"SqsParameters": {"MessageGroupId": "exits"}}


def queue(**attributes):
    return fake(Queue, {LIST: URL, ATTRIBUTES: attributes})


READY = {"ContentBasedDeduplication": "true"}


def test_flags_a_target_without_a_group_id(rule, target):
    """
    The command puts the target again as it is, with a group id.
    """
    judged = rule()
    (finding,) = run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO), queue(**READY))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"target 1 sends to {FIFO} without a message group id" == finding.message
    assert (
        "TARGETS=$(aws events list-targets-by-rule --region eu-west-1 --rule slots --event-bus-name beacon --query "
        """'Targets[?Id=='"'"'1'"'"'].merge(@, {SqsParameters: {MessageGroupId: '"'"'slots'"'"'}})' --output json) && """
        "aws events put-targets --region eu-west-1 --rule slots --event-bus-name beacon "
        '--targets "$TARGETS"' == finding.fix
    )


@pytest.mark.parametrize("attributes", [{}, {"ContentBasedDeduplication": "false"}])
def test_flags_a_queue_without_content_based_deduplication(rule, target, attributes):
    """
    EventBridge sends no deduplication id, and the queue does not make one.
    """
    judged = rule()
    (finding,) = run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO, **GROUP), queue(**attributes))

    assert "the queue withdrawals.fifo of target 1 has no content-based deduplication" == finding.message
    assert (
        f"aws sqs set-queue-attributes --region eu-west-1 --queue-url {URL} "
        "--attributes ContentBasedDeduplication=true" == finding.fix
    )


def test_grades_a_disabled_rule_lower(rule, target):
    """
    A disabled rule sends nothing yet.
    """
    judged = rule(State="DISABLED")
    (finding,) = run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO), queue(**READY))

    assert Severity.LOW == finding.severity


def test_accepts_both_together(rule, target):
    """
    A group id at the target, content-based deduplication at the queue.
    """
    judged = rule()
    findings = run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO, **GROUP), queue(**READY))

    assert [Status.PASS] == statuses(findings)


@pytest.mark.parametrize("arn", [FIFO.replace("1111", "9999"), FIFO.replace("west-1", "west-3")])
def test_judges_a_queue_elsewhere_by_the_group_id_alone(rule, target, arn):
    """
    A queue of another account or region cannot be seen.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(target_fifo_group_id, judged, target(judged, Arn=arn, **GROUP)))
    assert [Status.FAIL] == statuses(run_check(target_fifo_group_id, judged, target(judged, Arn=arn)))


def test_remarks_on_a_queue_that_does_not_exist(rule, target):
    """
    A missing queue is another check's question.
    """
    judged = rule()
    (finding,) = run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO, **GROUP))

    assert Status.PASS is finding.status
    assert f"the queue {FIFO} of target 1 does not exist" == finding.message


@pytest.mark.parametrize("arn", ["arn:aws:sqs:eu-west-1:111122223333:withdrawals", "arn:aws:sns:::topic.fifo"])
def test_does_not_judge_rules_without_a_fifo_queue(rule, target, arn):
    """
    Standard queues and other targets need neither.
    """
    judged = rule()

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_fifo_group_id, judged, target(judged, Arn=arn)))


def test_does_not_judge_managed_rules(rule, target):
    """
    A rule of an AWS service is not the account's to change.
    """
    judged = rule(ManagedBy="guardduty.amazonaws.com")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO)))


def test_does_not_know_a_hidden_queue(rule, target):
    """
    The queue's attributes were refused.
    """
    judged = rule()
    findings = run_check(target_fifo_group_id, judged, target(judged, Arn=FIFO, **GROUP), fake(Queue, {LIST: URL}))

    assert [Status.UNKNOWN] == statuses(findings)
