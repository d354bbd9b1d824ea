import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.sqs.encryption import encryption


@pytest.mark.parametrize("attributes", [{}, {"SqsManagedSseEnabled": "false"}, {"KmsMasterKeyId": ""}])
def test_flags_a_queue_without_encryption(queue, attributes):
    """
    A queue with neither SSE-SQS nor SSE-KMS has one problem, and a command that mends it.
    """
    (finding,) = run_check(encryption, queue("orders", **attributes))

    assert Status.FAIL is finding.status
    assert "neither SSE-SQS nor SSE-KMS is on" == finding.message
    assert (
        "aws sqs set-queue-attributes --region eu-west-1 --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/orders "
        "--attributes SqsManagedSseEnabled=true" == finding.fix
    )


@pytest.mark.parametrize(
    "attributes",
    [{"SqsManagedSseEnabled": "true"}, {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "false"}],
)
def test_accepts_either_encryption(queue, attributes):
    """
    SSE-SQS alone and SSE-KMS alone both pass.
    """
    assert [Status.PASS] == statuses(run_check(encryption, queue("orders", **attributes)))
