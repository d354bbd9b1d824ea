from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.rule import PUT_CHANGED, refuse_managed


@check(
    "events-target-fifo-group-id",
    title="FIFO queue targets can be delivered",
    severity=Severity.HIGH,
    uses=(Target.id, Target.destination, Target.message_group_id, Queue.url, Queue.content_based_deduplication),
    remediation=Remediation(
        text="Give the target a message group id, and turn on content-based deduplication on the queue.",
        cli=PUT_CHANGED,
        terraform='resource "aws_cloudwatch_event_target" "this" {\n  rule           = {name}\n'
        "  event_bus_name = {bus_name}\n\n  sqs_target {\n    message_group_id = {name}\n  }\n}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html",
    ),
)
def target_fifo_group_id(rule: Rule, account: Inventory) -> Iterator[Problem | Note]:
    """
    A FIFO queue refuses messages without a group id, and EventBridge sends no deduplication id, so that the queue must
    tell duplicates by their content. Without either every event is lost. Both together pass; of a queue in another
    account or region only the group id can be judged. For a disabled rule the severity is low.
    """
    refuse_managed(rule)
    targets = [target for target in account.children(rule, Target) if _is_fifo(target.destination)]
    if not targets:
        raise NotApplicable("no target is a FIFO queue")
    severity = Severity.LOW if rule.state == "DISABLED" else None
    for target in targets:
        if target.message_group_id is None:
            yield Problem(
                f"target {target.id} sends to {target.destination} without a message group id",
                expected="a message group id",
                found="none",
                sub_key=f"{target.id}/group",
                severity=severity,
                fill={
                    "changed": f"Targets[?Id=='{target.id}'].merge(@, {{SqsParameters: {{MessageGroupId: '{rule.name}'}}}})"
                },
            )
    for target in targets:
        if target.destination.split(":")[3:5] != [rule.region, rule.account]:
            continue
        queue = account.by_arn(Queue, target.destination)
        if queue is None:
            yield Note(f"the queue {target.destination} of target {target.id} does not exist")
        elif not queue.content_based_deduplication:
            yield Problem(
                f"the queue {queue.name} of target {target.id} has no content-based deduplication",
                expected="content-based deduplication",
                found="off",
                sub_key=f"{target.id}/deduplication",
                severity=severity,
                fill={"queue_url": queue.url},
                cli="aws sqs set-queue-attributes --region {region} --queue-url {queue_url} "
                "--attributes ContentBasedDeduplication=true",
            )


def _is_fifo(arn: str) -> bool:
    return ":sqs:" in arn and arn.endswith(".fifo")
