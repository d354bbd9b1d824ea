"""Which rules are the account's to mend, and how their targets get a dead-letter queue."""

from __future__ import annotations

from typing import Final

from awsaudit import NotApplicable
from awsaudit.resources.events import Rule
from awsaudit_checks.sqs.dead_letter import CREATE, written_by


PUT_CHANGED: Final = (
    "TARGETS=$(aws events list-targets-by-rule --region {region} --rule {name} --event-bus-name {bus_name} "
    "--query {changed} --output json) && "
    "aws events put-targets --region {region} --rule {name} --event-bus-name {bus_name} "
    '--targets "$TARGETS"'
)
"""Puts targets again as they are, but for what the JMESPath expression ``changed`` changes of them."""

ADD_DEAD_LETTER: Final = f"{CREATE} && {PUT_CHANGED}"
"""Makes a dead-letter queue and gives it to every target of a rule that has none."""


def refuse_managed(rule: Rule) -> None:
    """Raise NotApplicable where an AWS service made *rule*: the account cannot change it."""
    if rule.managed_by:
        raise NotApplicable(f"managed by {rule.managed_by}")


def refuse_disabled(rule: Rule) -> None:
    """Raise NotApplicable where *rule* is disabled."""
    if rule.state == "DISABLED":
        raise NotApplicable("the rule is disabled")


def dead_letter_fill(rule: Rule) -> dict[str, str]:
    """Return what `ADD_DEAD_LETTER` is filled with."""
    fill = written_by(rule, rule.arn, f"{rule.bus_name}-{rule.name}")
    # What a target has already comes last and wins.
    changed = f"Targets[].merge({{DeadLetterConfig: {{Arn: '{fill['dlq_arn']}'}}}}, @)"

    return {**fill, "changed": changed, "name": rule.name, "bus_name": rule.bus_name}
