from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue


@check(
    "sqs-fifo-throughput-scope",
    title="FIFO throughput settings agree",
    severity=Severity.INFO,
    remediation=Remediation(
        text="Tell duplicates within message groups, so that groups are limited one by one.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {url} "
        "--attributes DeduplicationScope=messageGroup,FifoThroughputLimit=perMessageGroupId",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html",
    ),
)
def fifo_throughput_scope(queue: Queue) -> Iterator[Problem]:
    """
    High throughput takes two settings that belong together: a limit for each message group, and duplicates told within a
    group. With the one and not the other the queue stays at the limit of an ordinary FIFO queue, and messages are refused.
    """
    if not queue.fifo:
        raise NotApplicable("a standard queue")
    if queue.throughput_limit == "perMessageGroupId" and queue.deduplication_scope != "messageGroup":
        yield Problem(
            "it is limited for each message group, and tells duplicates in the queue as a whole",
            expected="DeduplicationScope messageGroup",
            found=queue.deduplication_scope or "none",
        )
