"""Which events trails record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from awsaudit import Inventory
from awsaudit.declare import first_known
from awsaudit.resources.cloudtrail import FieldSelector, Trail


RECORDED: Final = (
    Trail.arn, Trail.name, Trail.home_region, Trail.multi_region, Trail.logging, Trail.selectors,
    Trail.advanced_selectors,
)  # fmt: skip
"""What the functions here look at, `records_objects` apart; for a check's uses=."""

Record = Mapping[str, Any]


def trails_of(account: Inventory) -> tuple[Trail, ...]:
    """Return the trails of the account and of its organization that could be seen, each once."""
    found: dict[str, Trail] = {}
    for trail in account.seen(Trail):
        if trail.arn not in found or trail.region == trail.home_region:
            found[trail.arn] = trail

    return tuple(found.values())


def trails_at(region: str, account: Inventory) -> Iterator[Trail]:
    """
    Yield the trails that record what happens in *region*; one of all regions is known wherever it was listed.

    Raises:
        EvidenceMissing: At the end, where those of the region could not be listed.
    """
    found = {trail.arn: trail for trail in account.seen(Trail) if trail.multi_region or trail.region == region}
    yield from found.values()
    account.every(Trail, region)


def copies(trail: Trail, account: Inventory) -> tuple[Trail, ...]:
    """Return what is known of *trail*: in its home region, which knows best, and where it was found."""
    if trail.region == trail.home_region or trail.home_region not in account.regions:
        return (trail,)
    home = (each for each in account.seen(Trail, trail.home_region) if each.arn == trail.arn)

    return (*home, trail)


def is_logging(trail: Trail, account: Inventory) -> bool:
    """
    Tell whether *trail* records at present.

    Raises:
        EvidenceMissing: That is not known.
    """
    return first_known(*(partial(_logs, copy) for copy in copies(trail, account)))


def _logs(trail: Trail) -> bool:
    return trail.logging


def takes(trail: Trail, record: Record, account: Inventory) -> bool:
    """
    Tell whether *trail* selects a management event, whether or not it records at present.

    Args:
        trail: The trail.

        record: The event as CloudTrail writes it; without ``eventSource`` it is of a service that no selector names.

        account: Where it was found.

    Raises:
        EvidenceMissing: Its selectors are not known.
    """
    return first_known(*(partial(_selects, copy, record) for copy in copies(trail, account)))


def _selects(trail: Trail, record: Record) -> bool:
    if trail.advanced_selectors:
        return any(all(meets(each, record) for each in conditions) for conditions in trail.advanced_selectors)
    if not trail.selectors:
        return True
    wanted = {"All", "ReadOnly" if record["readOnly"] else "WriteOnly"}

    return any(
        selector.management
        and selector.reads_and_writes in wanted
        and record.get("eventSource") not in selector.excluded
        for selector in trail.selectors
    )


def meets(condition: FieldSelector, record: Record) -> bool:
    """Tell whether *record* meets one condition of an advanced selector."""
    if condition.field not in record:
        return not (condition.equals or condition.starts or condition.ends)
    told = record[condition.field]
    value = str(told).lower() if isinstance(told, bool) else str(told)

    return (
        (not condition.equals or value in condition.equals)
        and (not condition.starts or value.startswith(condition.starts))
        and (not condition.ends or value.endswith(condition.ends))
        and value not in condition.not_equals
        and not value.startswith(condition.not_starts)
        and not value.endswith(condition.not_ends)
    )
