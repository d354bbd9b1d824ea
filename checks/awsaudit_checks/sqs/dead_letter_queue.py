from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue
from awsaudit_checks.sqs.dead_letter import CREATE, SOURCES, is_dead_letter_queue, redriven


@check(
    "sqs-dead-letter-queue",
    title="Source queues have a dead-letter queue",
    severity=Severity.MEDIUM,
    uses=SOURCES,
    remediation=Remediation(
        text="Create a dead-letter queue of the same type and name it in the queue's redrive policy. "
        "Five receives before a message moves suit most consumers.",
        cli=f"{CREATE} && "
        "aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {redrive_policy}",
        terraform='resource "aws_sqs_queue" "this" {\n  redrive_policy = jsonencode({\n'
        "    deadLetterTargetArn = {dlq_arn}\n    maxReceiveCount     = 5\n  })\n}",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    ),
)
def dead_letter_queue(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    A message that cannot be processed comes back until it expires, holds up the others and is then lost without a trace.
    A redrive policy passes. Queues that are themselves dead-letter queues, of queues or of services, are not judged.
    A FIFO queue without one is only remarked on: moving a message aside breaks its order, which may not be wanted.
    """
    if queue.redrive:
        return
    if queue.redrive_allow.permission == "byQueue":
        raise NotApplicable("declared as a dead-letter queue by its redrive allow policy")
    if is_dead_letter_queue(queue, account):
        raise NotApplicable("is a dead-letter queue itself")
    yield Problem(
        "no redrive policy names a dead-letter queue",
        expected="a dead-letter queue",
        found="none",
        severity=Severity.INFO if queue.fifo else None,
        fill=redriven(queue),
    )
