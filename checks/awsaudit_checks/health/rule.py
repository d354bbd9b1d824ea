"""Which rules hand on the events of AWS Health, and to what."""

from __future__ import annotations

import json

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from awsaudit import Hop, Inventory, NotApplicable, Undecided
from awsaudit.errors import EvidenceMissing, PatternError
from awsaudit.resources.events import EventBus, Rule, Target
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed
from awsaudit_checks.health.event import HEALTH, TYPES, sample, takes
from awsaudit_checks.sns.audience import is_topic


T = TypeVar("T")

RULES: Final = (Rule.arn, Rule.name, Rule.bus_name, Rule.state, Rule.managed_by, Rule.event_pattern)
"""What the functions here look at of rules; for a check's uses=."""

NOTIFIER: Final = "notifications.amazonaws.com"
"""The service that makes rules for User Notifications."""

_DEFAULT: Final = "default"
CREATE: Final = "aws events put-rule --region {rule_region} --name {rule_name} --event-pattern {rule_pattern}"
"""Makes a rule; it hands nothing on until it has a target."""


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


def refuse_other_bus(bus: EventBus) -> None:
    """Raise NotApplicable unless *bus* is the one that AWS services send to."""
    if bus.name != _DEFAULT:
        raise NotApplicable("AWS Health sends to the default bus only")


def is_health_rule(rule: Rule, types: tuple[str, ...] = TYPES) -> bool:
    """
    Tell whether events of AWS Health, or some of them, match the pattern of *rule*.

    Args:
        rule: The rule.

        types: The detail-types of the events that count.

    Raises:
        Undecided: The pattern has something that is not understood.
    """
    return lets(rule, lambda pattern: lets_health_through(pattern, rule.account, rule.region, types))


def is_surely_health_rule(rule: Rule) -> bool:
    """Tell whether *rule* is known to be the account's own, and to let events of AWS Health through."""
    try:
        return not rule.managed_by and is_health_rule(rule)
    except Undecided:
        return False


def lets(rule: Rule, through: Callable[[Mapping[str, Any]], bool]) -> bool:
    """
    Tell whether *rule* is on the default bus and has a pattern that lets something through.

    Args:
        rule: The rule.

        through: Judges the pattern.

    Raises:
        Undecided: The pattern has something that is not understood.
    """
    # AWS services send to the default bus only.
    return rule.bus_name == _DEFAULT and passes(rule, through)


def passes(rule: Rule, through: Callable[[Mapping[str, Any]], bool]) -> bool:
    """
    Tell whether *rule* has a pattern, on whatever bus, that lets something through.

    Args:
        rule: The rule.

        through: Judges the pattern.

    Raises:
        Undecided: The pattern has something that is not understood.
    """
    if rule.event_pattern is None:
        return False
    try:
        return through(json.loads(rule.event_pattern))
    except PatternError as wrong:
        raise Undecided(f"the event pattern is not understood: {wrong}") from wrong


def lets_health_through(pattern: Mapping[str, Any], account: str, region: str, types: tuple[str, ...] = TYPES) -> bool:
    """
    Tell whether some event of AWS Health matches *pattern*, be it of a rule or of a subscription's filter.

    Args:
        pattern: The pattern.

        account: The account that the event is for.

        region: Where it is delivered.

        types: The detail-types of the events that count.

    Raises:
        PatternError: AWS would not take the pattern.
    """
    return any(takes(pattern, sample(account, region, type_)) for type_ in types)


def is_enabled(rule: Rule) -> bool:
    """Tell whether *rule* hands anything on."""
    return rule.state != "DISABLED"


def health_rules(
    account: Inventory,
    region: str | None,
    where: Callable[[Rule], bool] = is_enabled,
    types: tuple[str, ...] = (HEALTH,),
) -> tuple[Rule, ...]:
    """
    Return the rules that hand on events of AWS Health: the account's own, and those of User Notifications.

    Args:
        account: Where they are.

        region: Only those of one region; None means all regions of the scan.

        where: Which of them; by default those that are enabled.

        types: The detail-types of the events that count.

    Returns:
        Those that could be seen; empty only if there are none.

    Raises:
        EvidenceMissing, Undecided: None was found, and there may be one.
    """
    ours = (rule for rule in account.seen(Rule, region) if rule.managed_by in {None, NOTIFIER})
    found = sought(ours, lambda rule: where(rule) and is_health_rule(rule, types))
    if not found:
        account.every(Rule, region)

    return found


def sought(things: Iterable[T], where: Callable[[T], bool]) -> tuple[T, ...]:
    """
    Return those of *things* of which *where* is known to be true; empty only if it is false of all.

    Raises:
        EvidenceMissing, Undecided: None was found, and of some *where* is not known.
    """
    found: list[T] = []
    unknown: EvidenceMissing | Undecided | None = None
    for thing in things:
        try:
            found += [thing] if where(thing) else []
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
    if unknown and not found:
        raise unknown

    return tuple(found)


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


def created(account: Inventory, region: str, types: tuple[str, ...] = TYPES) -> dict[str, str]:
    """Return what `CREATE` is filled with to make a rule for events of AWS Health, under a name that is free."""
    taken = {rule.name for rule in account.seen(Rule, region) if rule.bus_name == _DEFAULT}
    names = ("aws-health", *(f"aws-health-{number}" for number in range(2, len(taken) + 3)))
    pattern = {"source": ["aws.health"], "detail-type": [*types]}

    return {
        "rule_region": region,
        "rule_name": next(name for name in names if name not in taken),
        "rule_pattern": json.dumps(pattern, separators=(",", ":")),
    }
