from collections.abc import Iterator

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.delivery import SET_QUEUE, problem
from awsaudit_checks.events.lost import DEAD_LETTER, losing, unfit
from awsaudit_checks.events.rule import PUT_CHANGED, refuse_disabled, refuse_managed
from awsaudit_checks.sns.audience import problems_of
from awsaudit_checks.sqs.dead_letter import CREATE, written_by


@check(
    "events-target-dlq-deliverable",
    title="The target dead-letter queue accepts EventBridge",
    severity=Severity.HIGH,
    uses=(Target.id, Target.dead_letter_arns, *DEAD_LETTER),
    remediation=Remediation(
        text="Let events.amazonaws.com send to the queue for this rule, and use its key. The key that AWS manages for SQS "
        "lets no service in: take the key that SQS owns, or one of your own whose policy admits EventBridge.",
        cli=SET_QUEUE,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    ),
)
def target_dlq_deliverable(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A dead-letter queue that refuses EventBridge is found out when an event is lost that it was there to keep. The queue has
    to be a standard one of the rule's region, its policy has to let the service send for this rule, and its key, where it
    has one, has to be enabled and let the service encrypt. Encryption with the key that SQS owns passes.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    targets = [target for target in account.children(rule, Target) if target.dead_letter_arns]
    if not targets:
        raise NotApplicable("no target has a dead-letter queue")
    yield from problems_of(targets, lambda target: _lost(target, rule, account))


def _lost(target: Target, rule: Rule, account: Inventory) -> Problem | None:
    queue_arn = target.dead_letter_arns[0]
    found = unfit(queue_arn, rule.region)
    if found:
        fill = written_by(rule, rule.arn, f"{rule.bus_name}-{rule.name}")
        changed = f"Targets[?Id=='{target.id}'].merge(@, {{DeadLetterConfig: {{Arn: '{fill['dlq_arn']}'}}}})"
        found = evolve(found, cli=f"{CREATE} && {PUT_CHANGED}", fill={**fill, "changed": changed})
    else:
        found = losing(rule.arn, queue_arn, _naming(queue_arn, account), account)
    if found is None:
        return None

    return problem(
        found,
        (Hop(rule.arn, Rule.type), Hop(f"target {target.id}", Target.type, "what cannot be delivered")),
        f"what target {target.id} does not take is lost",
        target.id,
    )


def _naming(queue_arn: str, account: Inventory) -> Iterator[str]:
    """Yield the ARNs of the rules that name the queue, so that the command for one keeps the others."""
    for other in account.seen(Target):
        named = other.know("dead_letter_arns")
        if named and queue_arn in named and isinstance(other.parent_resource, Rule):
            yield other.parent_resource.arn
