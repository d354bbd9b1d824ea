from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue


@check(
    "sqs-encryption",
    title="Queues are encrypted at rest",
    severity=Severity.MEDIUM,
    equivalents=("prowler:sqs_queues_server_side_encryption_enabled",),
    remediation=Remediation(
        text="Turn on SSE-SQS, or SSE-KMS where you must hold the key yourself.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes SqsManagedSseEnabled=true",
        terraform='resource "aws_sqs_queue" "this" {\n  sqs_managed_sse_enabled = true\n}',
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    ),
)
def encryption(queue: Queue) -> Iterator[Problem]:
    """
    Message bodies often carry personal data and credentials. Unencrypted, they are readable to whoever reaches the
    storage, and no key policy stands in the way. Either kind of server-side encryption passes.
    """
    if not queue.sse_sqs and queue.kms_key_id is None:
        yield Problem("neither SSE-SQS nor SSE-KMS is on", expected="SSE-SQS or SSE-KMS", found="none")
