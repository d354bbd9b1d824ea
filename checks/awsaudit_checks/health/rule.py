"""Which rules hand on the events of AWS Health, and to what."""

from __future__ import annotations

import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Hop, Inventory, NotApplicable, Undecided
from awsaudit.errors import PatternError
from awsaudit.event_pattern import matches
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed
from awsaudit_checks.sns.audience import is_topic


# https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-health.html
_TYPES: Final = ("AWS Health Event", "AWS Health Abuse Event")
# Which of the events: conditions on these narrow a rule, and make it no less one for events of AWS Health.
_NARROWING: Final = frozenset({"detail", "resources", "time", "id", "version"})


def refuse_other(rule: Rule) -> None:
    """
    Raise NotApplicable unless *rule* is the account's own, enabled, and lets events of AWS Health through.

    Raises:
        NotApplicable: It is another rule.
        Undecided: Its pattern has something that is not understood.
    """
    refuse_managed(rule)
    if not is_health_rule(rule):
        raise NotApplicable("not a rule for events of AWS Health")
    refuse_disabled(rule)


def is_health_rule(rule: Rule) -> bool:
    """
    Tell whether events of AWS Health, or some of them, match the pattern of *rule*.

    Raises:
        Undecided: The pattern has something that is not understood.
    """
    # AWS services send to the default bus only.
    if rule.bus_name != "default" or rule.event_pattern is None:
        return False
    try:
        return lets_health_through(json.loads(rule.event_pattern), rule.account, rule.region)
    except PatternError as wrong:
        raise Undecided(f"the event pattern is not understood: {wrong}") from wrong


def lets_health_through(pattern: Mapping[str, Any], account: str, region: str) -> bool:
    """
    Tell whether some event of AWS Health matches *pattern*, be it of a rule or of a subscription's filter.

    Args:
        pattern: The pattern.

        account: The account that the event is for.

        region: Where it is delivered.

    Raises:
        PatternError: AWS would not take the pattern.
    """
    wide = _widened(pattern)
    event = {"source": "aws.health", "account": account, "region": region}

    return not wide or any(matches(wide, {**event, "detail-type": type_}) for type_ in _TYPES)


def _widened(pattern: Mapping[str, Any]) -> dict[str, Any]:
    """Return *pattern* without its conditions on which event of AWS Health it is."""
    wide = {name: wanted for name, wanted in pattern.items() if name not in _NARROWING}
    if isinstance(wide.get("$or"), list):
        choices = [_widened(choice) for choice in wide.pop("$or") if isinstance(choice, Mapping)]
        if choices and all(choices):
            wide["$or"] = choices if len(choices) > 1 else choices * 2

    return wide


def topics_of(rule: Rule, account: Inventory) -> tuple[Target, ...]:
    """
    Return the targets of *rule* that are topics.

    Raises:
        NotApplicable: It has none.
        EvidenceMissing: They could not be listed.
    """
    found = tuple(target for target in account.children(rule, Target) if is_topic(target.destination))
    if not found:
        raise NotApplicable("the rule has no topic as its target")

    return found


def sharing(target: Target, account: Inventory) -> Iterator[Rule]:
    """Yield the rules for events of AWS Health that send to the same place as *target*, by no role of their own."""
    for other in account.seen(Target, target.region):
        rule = other.parent_resource
        if other.destination != target.destination or other.role_arn is not None or not isinstance(rule, Rule):
            continue
        if rule.state != "DISABLED" and not rule.managed_by and is_health_rule(rule):
            yield rule


def begin(rule: Rule) -> tuple[Hop, ...]:
    """Return the first steps of a path: from AWS Health to *rule*."""
    return (Hop("aws.health", "AWS Health"), Hop(rule.arn, Rule.type, "its pattern lets events of AWS Health through"))
