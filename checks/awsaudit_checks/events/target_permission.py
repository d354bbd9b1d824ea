from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.delivery import SET_QUEUE, problem
from awsaudit_checks.events.invocation import INVOCATION, refusal
from awsaudit_checks.events.place import is_built_in
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed
from awsaudit_checks.sns.audience import problems_of


@check(
    "events-target-permission",
    title="EventBridge may invoke each target",
    severity=Severity.HIGH,
    uses=INVOCATION,
    remediation=Remediation(
        text="Let events.amazonaws.com do it for this rule in the target's own policy, and use its key; where the target has "
        "a role, let the service assume it, and the role do it.",
        cli=SET_QUEUE,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
    ),
)
def target_permission(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A rule whose target does not admit it looks well and delivers nothing; without a dead-letter queue the event is dropped
    at once. Functions, queues, topics and log groups admit EventBridge by their own policy, for this rule, everything else
    by a role that the service may assume and that may do what the target takes. An encrypted queue or topic has to have a
    key that admits them too. Disabled rules and those of AWS services are not judged, nor are targets that do not exist.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    targets = [target for target in account.children(rule, Target) if not is_built_in(target.destination)]
    if not targets:
        raise NotApplicable("no target is something that would have to admit EventBridge")
    absent: list[Target] = []
    problems = problems_of(targets, lambda target: _refused(target, rule, account, absent))
    if len(absent) == len(targets):
        raise NotApplicable("its targets do not exist")
    yield from problems


def _refused(target: Target, rule: Rule, account: Inventory, absent: list[Target]) -> Problem | None:
    try:
        found = refusal(target, rule, account)
    except NotApplicable:
        absent.append(target)
        return None
    if found is None:
        return None
    begin = (Hop(rule.arn, Rule.type), Hop(f"target {target.id}", Target.type, "what matches goes there"))

    return problem(found, begin, f"target {target.id} gets nothing", target.id)
