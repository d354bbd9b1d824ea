import json

from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue
from awsaudit_checks.sqs.dead_letter import CREATE, redriven


_MOST_SOURCES = 10
_ADMIT = "aws sqs set-queue-attributes --region {region} --queue-url {target_url} --attributes {allow_policy}"


@check(
    "sqs-dlq-exists",
    title="The redrive target exists and accepts the source queue",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Create a queue of the same type in the same account and region, and name it in the redrive policy; where "
        "the target exists and refuses the queue, let its redrive allow policy admit the queue.",
        cli=f"{CREATE} && "
        "aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {redrive_policy}",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html",
    ),
)
def dlq_exists(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    A redrive policy is accepted once and not looked at again: when the dead-letter queue is deleted or closes itself to
    the source, messages that fail are received over and over until they expire. The target must be another queue of the
    same account, region and type, and its redrive allow policy must admit the source; without one it admits all.
    """
    if queue.redrive is None:
        raise NotApplicable("there is no redrive policy")
    target_arn = queue.redrive.target_arn
    unfit = _unfit(queue, target_arn)
    if unfit:
        yield Problem(
            unfit, found=target_arn, fill=redriven(queue), path=_path(queue, "it cannot be one of this queue")
        )
        return
    target = account.by_arn(Queue, target_arn)
    if target is None:
        yield Problem(
            f"the redrive target {target_arn} does not exist",
            found=target_arn,
            fill=redriven(queue),
            path=_path(queue, "it does not exist"),
        )
        return
    permission, sources = target.redrive_allow.permission, target.redrive_allow.source_arns
    if permission == "denyAll" or (permission == "byQueue" and queue.arn not in sources):
        yield Problem(
            f"the redrive target {target_arn} does not admit this queue ({permission})",
            expected="allowAll, or byQueue with this queue",
            found=permission,
            fill={"target_url": target.url, "allow_policy": _admitting(queue, sources)},
            cli=_ADMIT,
            path=_path(queue, f"its redrive allow policy ({permission}) does not admit this queue"),
        )


def _path(queue: Queue, broken: str) -> tuple[Hop, ...]:
    target_arn = queue.redrive.target_arn if queue.redrive else ""
    return (Hop(queue.arn, Queue.type), Hop(target_arn, Queue.type, f"its redrive policy; {broken}", holds=False))


def _unfit(queue: Queue, target_arn: str) -> str | None:
    """Return why *target_arn* can be no dead-letter queue of *queue*, whatever is there; None if it can."""
    if target_arn == queue.arn:
        return "the redrive target is the queue itself"
    if target_arn.split(":")[:5] != queue.arn.split(":")[:5]:
        return f"the redrive target {target_arn} is in another account or region"
    if target_arn.endswith(".fifo") != queue.fifo:
        kinds = ("FIFO", "standard") if queue.fifo else ("standard", "FIFO")
        return f"the queue is {kinds[0]} and the redrive target {target_arn} is {kinds[1]}"

    return None


def _admitting(queue: Queue, sources: tuple[str, ...]) -> str:
    admitted = sorted({queue.arn, *sources})
    policy = {"redrivePermission": "byQueue", "sourceQueueArns": admitted}
    if len(admitted) > _MOST_SOURCES:
        policy = {"redrivePermission": "allowAll"}

    return json.dumps({"RedriveAllowPolicy": json.dumps(policy)})
