from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue


@check(
    "sqs-ordering-required-fifo",
    title="Queues declared order- or duplicate-sensitive are FIFO",
    severity=Severity.LOW,
    remediation=Remediation(
        text="The kind of a queue cannot be changed. Make a FIFO queue (the command), let senders name a message group, move "
        "senders and readers, then delete the old one.",
        cli="aws sqs create-queue --region {region} --queue-name {fifo_name} "
        "--attributes FifoQueue=true,ContentBasedDeduplication=true,SqsManagedSseEnabled=true",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-moving.html",
    ),
)
def ordering_required_fifo(
    queue: Queue,
    *,
    declared: tuple[str, ...] = (
        "ordering=required",
        "exactly-once=required",
        "workload=billing",
        "workload=payments",
        "workload=inventory",
    ),
) -> Iterator[Problem]:
    """
    A standard queue hands out messages in any order and now and then twice: a withdrawal is paid before its deposit, or
    paid again. What a queue is for is the owner's to say, by a tag ``KEY=VALUE`` of *declared*, in any case; a FIFO queue
    passes, and queues without such a tag are not judged.
    """
    held = {f"{key}={value}".lower(): f"{key}={value}" for key, value in queue.tags.items()}
    tag = next((held[pair.lower()] for pair in declared if pair.lower() in held), None)
    if tag is None:
        raise NotApplicable("no tag says that order or duplicates matter")
    if not queue.fifo:
        yield Problem(
            f"its tag {tag} asks for order, and it is a standard queue",
            expected="a FIFO queue",
            found="a standard queue",
            fill={"fifo_name": f"{queue.name}.fifo"},
        )
