import pytest

from awsaudit import Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.encryption import encryption


def queue(**attributes):
    arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
    return fake(Queue, {LIST: "https://sqs.example/orders", ATTRIBUTES: {"QueueArn": arn, **attributes}})


@pytest.mark.parametrize("attributes", [{}, {"SqsManagedSseEnabled": "false"}, {"KmsMasterKeyId": ""}])
def test_flags_a_queue_without_encryption(attributes):
    """
    A queue with neither SSE-SQS nor SSE-KMS has one problem, and a command that mends it.
    """
    (finding,) = run_check(encryption, queue(**attributes))

    assert Status.FAIL is finding.status
    assert "neither SSE-SQS nor SSE-KMS is on" == finding.message
    assert (
        "aws sqs set-queue-attributes --region eu-west-1 --queue-url https://sqs.example/orders "
        "--attributes SqsManagedSseEnabled=true" == finding.fix
    )


@pytest.mark.parametrize(
    "attributes",
    [{"SqsManagedSseEnabled": "true"}, {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "false"}],
)
def test_accepts_either_encryption(attributes):
    """
    SSE-SQS alone and SSE-KMS alone both pass.
    """
    assert [Status.PASS] == statuses(run_check(encryption, queue(**attributes)))
