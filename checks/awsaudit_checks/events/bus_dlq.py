from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus
from awsaudit_checks.sqs.dead_letter import CREATE, written_by


@check(
    "events-bus-dlq",
    title="CMK-encrypted buses have a dead-letter queue",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Create a queue that EventBridge may write to and make it the bus's dead-letter queue.",
        cli=f"{CREATE} && aws events update-event-bus --region {{region}} --name {{name}} "
        "--kms-key-identifier {kms_key_id} --dead-letter-config {dead_letter}",
        terraform='resource "aws_cloudwatch_event_bus" "this" {\n  name = {name}\n\n'
        "  dead_letter_config {\n    arn = {dlq_arn}\n  }\n}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq.html",
    ),
)
def bus_dlq(bus: EventBus) -> Iterator[Problem]:
    """
    When the customer key of a bus is disabled or refuses EventBridge, events can be neither encrypted nor delivered and
    are dropped. A dead-letter queue on the bus keeps them. It takes nothing else, so buses without a customer key are
    not judged.
    """
    if bus.kms_key_id is None:
        raise NotApplicable("without a customer managed key nothing would go to it")
    if not bus.dead_letter_arns:
        fill = written_by(bus, bus.arn, f"{bus.name}-bus")
        yield Problem(
            "events that its key refuses are dropped: there is no dead-letter queue",
            expected="a dead-letter queue",
            found="none",
            fill={**fill, "dead_letter": f"Arn={fill['dlq_arn']}"},
        )
