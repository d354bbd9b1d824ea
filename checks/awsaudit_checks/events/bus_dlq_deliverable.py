from collections.abc import Iterator

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus
from awsaudit_checks.events.delivery import SET_QUEUE, problem
from awsaudit_checks.events.lost import DEAD_LETTER, losing, unfit
from awsaudit_checks.sqs.dead_letter import CREATE, written_by


_UPDATE = (
    "aws events update-event-bus --region {region} --name {name} --kms-key-identifier {kms_key_id} "
    "--dead-letter-config {dead_letter}"
)


@check(
    "events-bus-dlq-deliverable",
    title="The bus dead-letter queue accepts EventBridge",
    severity=Severity.MEDIUM,
    uses=DEAD_LETTER,
    remediation=Remediation(
        text="Let events.amazonaws.com send to the queue for this bus, and use its key. The key that AWS manages for SQS "
        "lets no service in: take the key that SQS owns, or one of your own whose policy admits EventBridge.",
        cli=SET_QUEUE,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq.html",
    ),
)
def bus_dlq_deliverable(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    The queue takes the events that the bus's key refuses. If it refuses EventBridge too they are lost, on the day on which
    somebody disables the key. It has to be a standard queue of the region that lets the service send for this bus, and its
    key, where it has one, has to be enabled and let the service encrypt.
    """
    if not bus.dead_letter_arns:
        raise NotApplicable("the bus has no dead-letter queue")
    queue_arn = bus.dead_letter_arns[0]
    found = unfit(queue_arn, bus.region)
    if found:
        fill = written_by(bus, bus.arn, f"{bus.name}-bus")
        found = evolve(found, cli=f"{CREATE} && {_UPDATE}", fill={**fill, "dead_letter": f"Arn={fill['dlq_arn']}"})
    else:
        naming = [each.arn for each in account.seen(EventBus, bus.region) if queue_arn in _queues(each)]
        found = losing(bus.arn, queue_arn, naming, account)
    if found:
        yield problem(found, (Hop(bus.arn, EventBus.type),), "what the bus's key refuses is lost")


def _queues(bus: EventBus) -> tuple[str, ...]:
    return bus.know("dead_letter_arns") or ()
