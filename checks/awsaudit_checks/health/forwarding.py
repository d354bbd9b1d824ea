"""Follows events of AWS Health over the event buses of the account."""

from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Undecided
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.events import EventBus, Rule, Target
from awsaudit_checks.events.place import account_of, kind_of
from awsaudit_checks.health.rule import is_enabled, lets_health_through, passes, sought


def leaves(rule: Rule, account: Inventory, buses: tuple[str, ...] = ()) -> Iterator[tuple[Target, Rule]]:
    """
    Yield the targets at which events of AWS Health leave EventBridge, with their rules.

    A bus of the account is followed to the targets of its rules.

    Raises:
        EvidenceMissing, Undecided: Some could not be seen; this comes after those that could be.
    """
    unknown: EvidenceMissing | Undecided | None = None
    for target in account.children(rule, Target):
        arn = target.destination
        if kind_of(arn) != "event-bus" or account_of(arn) != rule.account:
            yield target, rule
        elif arn not in buses:
            try:
                for below in rules_on(arn, rule, account):
                    yield from leaves(below, account, (*buses, arn))
            except (EvidenceMissing, Undecided) as reason:
                unknown = unknown or reason
    if unknown:
        raise unknown


def rules_on(bus_arn: str, origin: Rule, account: Inventory) -> tuple[Rule, ...]:
    """Return the enabled rules on a bus that let through what *origin* sends there."""
    bus = account.by_arn(EventBus, bus_arn)
    if bus is None:
        return ()

    # What is forwarded goes on naming the region and the account that it came from.
    return sought(
        account.children(bus, Rule),
        lambda rule: (
            not rule.managed_by
            and is_enabled(rule)
            and passes(rule, lambda pattern: lets_health_through(pattern, origin.account, origin.region))
        ),
    )
