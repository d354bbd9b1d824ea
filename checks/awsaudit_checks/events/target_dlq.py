from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.rule import ADD_DEAD_LETTER, dead_letter_fill, refuse_disabled, refuse_managed


@check(
    "events-target-dlq",
    title="Targets have a dead-letter queue",
    severity=Severity.MEDIUM,
    uses=(Target.id, Target.dead_letter_arns),
    remediation=Remediation(
        text="Create a queue that EventBridge may write to for this rule, and put the targets again with it.",
        cli=ADD_DEAD_LETTER,
        terraform='resource "aws_cloudwatch_event_target" "this" {\n  rule           = {name}\n'
        "  event_bus_name = {bus_name}\n\n  dead_letter_config {\n    arn = {dlq_arn}\n  }\n}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    ),
)
def target_dlq(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    EventBridge tries for a day and then drops the event; a missing permission drops it at once. A dead-letter queue keeps
    it, with the reason. All targets of an enabled rule need one; rules of AWS services are not judged.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    targets = account.children(rule, Target)
    if not targets:
        raise NotApplicable("the rule has no target")
    bare = sorted(target.id for target in targets if not target.dead_letter_arns)
    if bare:
        yield Problem(
            f"no dead-letter queue: {'target' if len(bare) == 1 else 'targets'} {', '.join(bare)}",
            expected="a dead-letter queue for each target",
            found=", ".join(bare),
            fill=dead_letter_fill(rule),
        )
