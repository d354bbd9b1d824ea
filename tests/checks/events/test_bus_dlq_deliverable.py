import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.sqs import Queue
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.bus_dlq_deliverable import bus_dlq_deliverable


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:lost"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/beacon"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
FOR_BUS = {"ArnEquals": {"aws:SourceArn": BUS}}


@pytest.fixture(name="judge")
def judge_fixture(bus):
    """Return a function that judges a bus whose dead-letter queue has an ARN."""

    def judge(*others, arn=QUEUE, **options):
        judged = bus(KmsKeyIdentifier=KEY, DeadLetterConfig={"Arn": arn})
        return run_check(bus_dlq_deliverable, judged, *others, **options)

    return judge


@pytest.mark.parametrize("condition", [{}, FOR_BUS, {"StringEquals": {"aws:SourceAccount": "111122223333"}}])
def test_accepts_a_queue_that_admits_the_bus(judge, queue, admits, condition):
    """
    With no condition, or one that fits.
    """
    assert [Status.PASS] == statuses(judge(queue("lost", admits("sqs:SendMessage", **condition))))


def test_accepts_an_encrypted_queue_whose_key_admits_the_service(judge, queue, admits, key):
    """
    The queue's key, not the bus's.
    """
    encrypted = queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId=KEY)

    assert [Status.PASS] == statuses(judge(encrypted, key(admits("kms:GenerateDataKey", "kms:Decrypt"))))
    assert [Status.FAIL] == statuses(judge(encrypted, key()))
    assert [Status.FAIL] == statuses(judge(queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId="alias/aws/sqs")))


def test_flags_a_queue_that_admits_rules_only(judge, queue, admits):
    """
    The source is the bus; the command adds a statement for it, and for other buses with the queue.
    """
    rules = admits("sqs:SendMessage", ArnLike={"aws:SourceArn": BUS.replace("event-bus/beacon", "rule/*")})
    (finding,) = judge(queue("lost", rules))

    message = "what the bus's key refuses is lost: the queue lost does not let EventBridge send to it"
    assert message == finding.message
    kept, added = json.loads(json.loads(shlex.split(finding.fix)[-1])["Policy"])["Statement"]
    assert rules == kept
    assert FOR_BUS == added["Condition"]
    assert [Status.PASS] == statuses(judge(queue("lost", rules, added)))
    assert [(BUS, True), (QUEUE, False)] == [(hop.resource, hop.holds) for hop in finding.path]


def test_the_command_keeps_other_buses(judge, queue, bus):
    """
    Buses that share the queue are all let in.
    """
    (finding,) = judge(queue(), bus("rewards", DeadLetterConfig={"Arn": QUEUE}), bus("forks"))

    (added,) = json.loads(json.loads(shlex.split(finding.fix)[-1])["Policy"])["Statement"]
    assert {"ArnEquals": {"aws:SourceArn": [BUS, BUS.replace("beacon", "rewards")]}} == added["Condition"]


def test_flags_a_queue_that_is_gone(judge):
    """
    The command makes it again.
    """
    (finding,) = judge()

    assert "what the bus's key refuses is lost: the queue lost does not exist" == finding.message
    assert finding.fix.startswith("aws sqs create-queue --region eu-west-1 --queue-name lost ")


@pytest.mark.parametrize("arn", [f"{QUEUE}.fifo", QUEUE.replace("eu-west-1", "eu-central-1")])
def test_flags_queues_that_cannot_be_one(judge, arn):
    """
    FIFO queues and those of another region; the command makes a new one and keeps the bus's key.
    """
    (finding,) = judge(arn=arn)

    made, updated = finding.fix.split(" && ")
    assert made.startswith("aws sqs create-queue --region eu-west-1 --queue-name beacon-bus-dlq ")
    new = "Arn=arn:aws:sqs:eu-west-1:111122223333:beacon-bus-dlq"
    wanted = f"aws events update-event-bus --region eu-west-1 --name beacon --kms-key-identifier {KEY} --dead-letter-config {new}"
    assert wanted == updated


def test_does_not_judge_a_bus_without_one(bus):
    """
    That it has none is another check's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_dlq_deliverable, bus()))


def test_does_not_know_what_it_cannot_see(judge, queue):
    """
    Another account's queue, one whose attributes were refused, queues that could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(judge(arn=QUEUE.replace("111122223333", "444455556666")))
    assert [Status.UNKNOWN] == statuses(judge(queue(hidden=True)))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Queue]))
