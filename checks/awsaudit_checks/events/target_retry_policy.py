from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.rule import PUT_CHANGED, refuse_managed


_LEAST_SECONDS: Final = 3_600


@check(
    "events-target-retry-policy",
    title="Targets keep a useful retry policy",
    severity=Severity.LOW,
    uses=(Target.id, Target.retries, Target.retry_seconds, Target.dead_letter_arns),
    remediation=Remediation(
        text="Leave the retries to AWS's default, 185 within a day, or give the target a dead-letter queue.",
        cli=PUT_CHANGED,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html",
    ),
)
def target_retry_policy(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A target that is down for an hour loses the events of that hour if deliveries are given up sooner, and nothing tells.
    Retries that are switched off or end within an hour pass only with a dead-letter queue. Without a policy AWS tries for
    a day.
    """
    refuse_managed(rule)
    targets = account.children(rule, Target)
    if not targets:
        raise NotApplicable("it has no targets")
    for target in targets:
        if target.dead_letter_arns:
            continue
        soon = target.retry_seconds is not None and target.retry_seconds < _LEAST_SECONDS
        if target.retries == 0 or soon:
            what = "is not tried again" if target.retries == 0 else f"is given up after {target.retry_seconds} seconds"
            policy = "{MaximumRetryAttempts: `185`, MaximumEventAgeInSeconds: `86400`}"
            changed = f"Targets[?Id=='{target.id}'].merge(@, {{RetryPolicy: {policy}}})"
            yield Problem(
                f"delivery to target {target.id} {what}, and there is no dead-letter queue",
                expected="retries for an hour at least, or a dead-letter queue",
                found=what,
                sub_key=target.id,
                fill={"changed": changed, "name": rule.name, "bus_name": rule.bus_name},
            )
