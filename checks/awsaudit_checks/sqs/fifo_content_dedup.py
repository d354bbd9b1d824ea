from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.scheduler import Schedule
from awsaudit.resources.sqs import Queue


@check(
    "sqs-fifo-content-dedup",
    title="FIFO queues de-duplicate by content or by explicit ids",
    severity=Severity.MEDIUM,
    uses=(Schedule.arn, Schedule.name, Schedule.target_arn),
    remediation=Remediation(
        text="Let the queue tell duplicates by their content.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes ContentBasedDeduplication=true",
        terraform='resource "aws_sqs_queue" "this" {\n  content_based_deduplication = true\n}',
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html",
    ),
)
def fifo_content_dedup(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    EventBridge Scheduler gives a message its group and no deduplication id: a FIFO queue that does not look at the content
    refuses it, and the schedule runs into nothing. A queue that tells duplicates by content passes. Rules of EventBridge
    have the same want, which events-target-fifo-group-id tells of; other senders give ids of their own.
    """
    if not queue.fifo:
        raise NotApplicable("a standard queue")
    senders = [s for s in account.every(Schedule, queue.region) if s.target_arn == queue.arn]
    if not senders:
        raise NotApplicable("no schedule sends to it")
    if not queue.content_based_deduplication:
        names = ", ".join(sender.name for sender in senders)
        yield Problem(
            f"the schedule {names} sends without a deduplication id, and the queue does not look at the content",
            expected="content-based deduplication",
            found="off",
            path=(
                Hop(senders[0].arn, Schedule.type, "sends without a deduplication id"),
                Hop(queue.arn, Queue.type, "takes no message without one", holds=False),
            ),
        )
