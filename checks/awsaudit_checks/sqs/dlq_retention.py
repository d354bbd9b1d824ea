from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue
from awsaudit_checks.sqs.dead_letter import LONGEST_RETENTION


@check(
    "sqs-dlq-retention",
    title="DLQ retention exceeds the source queue's",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let the dead-letter queue keep messages for 14 days, the most there is.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {target_url} "
        "--attributes MessageRetentionPeriod=1209600",
        terraform='resource "aws_sqs_queue" "dead_letter" {\n  message_retention_seconds = 1209600\n}',
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    ),
)
def dlq_retention(queue: Queue, account: Inventory) -> Iterator[Problem | Note]:
    """
    A message that moves to a standard dead-letter queue keeps the time of its first arrival. Where the dead-letter queue
    keeps messages no longer than the source, it expires there soon after, or at once, before anyone has looked at it.
    Longer than the source passes. FIFO queues are not judged: there the time starts anew.
    """
    if queue.redrive is None:
        raise NotApplicable("there is no redrive policy")
    if queue.fifo:
        raise NotApplicable("in FIFO queues the retention starts anew when a message moves")
    target_arn = queue.redrive.target_arn
    if target_arn.split(":")[:5] != queue.arn.split(":")[:5]:
        raise NotApplicable("the dead-letter queue is in another account or region")
    target = account.by_arn(Queue, target_arn)
    if target is None:
        raise NotApplicable("the dead-letter queue does not exist")
    if target.retention > queue.retention:
        return
    if target.retention >= LONGEST_RETENTION:
        yield Note("the queue and its dead-letter queue both keep messages for 14 days; keep them shorter in the queue")
        return
    yield Problem(
        f"the dead-letter queue {target.name} keeps messages for {_span(target.retention)}, "
        f"the queue for {_span(queue.retention)}",
        expected=f"more than {_span(queue.retention)}",
        found=_span(target.retention),
        fill={"target_url": target.url},
        path=(
            Hop(queue.arn, Queue.type, f"keeps messages for {_span(queue.retention)}"),
            Hop(
                target.arn, Queue.type, f"its redrive policy; it keeps them for {_span(target.retention)}", holds=False
            ),
        ),
    )


def _span(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    return f"{seconds} seconds" if rest else f"{days} {'day' if days == 1 else 'days'}"
