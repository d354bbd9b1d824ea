from collections.abc import Iterator, Mapping

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue


@check(
    "sqs-cmk-encryption",
    title="Sensitive queues use a customer key",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Encrypt the queue with a key of your own whose policy lets its senders and readers in, services included.",
        cli="KEY=$(aws kms create-key --region {region} --query KeyMetadata.KeyId --output text) "
        '&& aws kms enable-key-rotation --region {region} --key-id "$KEY" '
        '&& aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes KmsMasterKeyId="$KEY"',
        terraform='resource "aws_sqs_queue" "this" {\n  kms_master_key_id = aws_kms_key.queues.arn\n}',
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
)
def cmk_encryption(
    queue: Queue,
    *,
    strict: bool = False,
    sensitive: tuple[str, ...] = ("sensitive=true", "sensitivity=high", "data-classification=confidential"),
) -> Iterator[Problem]:
    """
    Under a key of SQS's or AWS's there is no key policy to keep a reader out, no log of who decrypted, and no switch to turn
    off. Queues are judged that a tag calls sensitive, ``KEY=VALUE`` in any case; with *strict* all of them are.
    """
    if not strict and not _is_sensitive(queue.tags, sensitive):
        raise NotApplicable("no tag calls it sensitive")
    key = queue.kms_key_id
    if key is None or key.endswith("alias/aws/sqs"):
        found = key or ("a key that SQS owns" if queue.sse_sqs else "none")
        yield Problem("it is not encrypted with a key of yours", expected="a customer key", found=found)


def _is_sensitive(tags: Mapping[str, str], wanted: tuple[str, ...]) -> bool:
    held = {f"{key}={value}".lower() for key, value in tags.items()}
    return any(pair.lower() in held for pair in wanted)
