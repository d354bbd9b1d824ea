from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue
from awsaudit_checks.sqs.dead_letter import SOURCES, is_dead_letter_queue


_LOOK = (
    "aws sqs receive-message --region {region} --queue-url {url} --max-number-of-messages 10 --visibility-timeout 0 "
    "--message-system-attribute-names All --message-attribute-names All"
)


@check(
    "sqs-dlq-empty",
    title="Dead-letter queues hold no messages",
    severity=Severity.MEDIUM,
    uses=SOURCES,
    remediation=Remediation(
        text="Look at the messages, mend what refused them, then move them back to the queue they came from. Messages "
        "that a service put there carry the reason in their attributes and have to be sent again by hand.",
        cli="aws sqs start-message-move-task --region {region} --source-arn {arn}",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html",
    ),
)
def dlq_empty(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    Each message in a dead-letter queue is work that was not done: a deposit not booked, an alert not sent. It waits
    there until it expires and is lost. An empty one passes. AWS's counts are approximate and up to a minute old.
    """
    if not is_dead_letter_queue(queue, account):
        raise NotApplicable("is no dead-letter queue")
    waiting = queue.visible + queue.in_flight + queue.delayed
    if waiting:
        redriven = account.holding(Queue.dead_letter_arns, queue.arn, queue.region)
        yield Problem(
            f"holds about {waiting} {'message' if waiting == 1 else 'messages'} that failed",
            expected="0",
            found=str(waiting),
            cli=None if redriven else _LOOK,
        )
