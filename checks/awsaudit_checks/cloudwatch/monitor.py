"""Whether somebody is told of calls that change how an account is guarded, wherever they are made."""

from __future__ import annotations

import enum
import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

from awsaudit import Hop, Inventory, Note, Problem, Undecided
from awsaudit.errors import EvidenceMissing
from awsaudit.partition import home_region
from awsaudit_checks.cloudwatch.chain import ALERTS, broken_at, counting, recorded
from awsaudit_checks.health.place import FOOTPRINT, is_used


MONITORING: Final = (*ALERTS, *FOOTPRINT)
"""What `unheard` looks at; for a check's uses=."""

TEXT: Final = (
    "Send a trail of all regions to a log group, count these calls there with a metric filter, alarm on the metric, and "
    "subscribe whoever shall look at it; or send them on with a rule of EventBridge in each region that is in use."
)
URL: Final = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html"

_SHOWN: Final = 4


class Where(enum.Enum):
    """Where CloudTrail records calls of a kind."""

    HOME = "home"
    """In the region that services without regions have."""

    REGIONS = "regions"
    """Where they are made."""

    BOTH = "both"
    """In either."""


@frozen
class Call:
    """
    A call that somebody has to hear of.

    Args:
        label: What people call it.

        source: The service, such as ``iam``.

        name: The call's name.

        more: How its record differs from that of a plain write.
    """

    label: str
    source: str
    name: str
    more: Mapping[str, Any] = field(factory=dict)


@frozen
class Watch:
    """
    Calls that somebody has to hear of, each by some way.

    Args:
        name: What a filter for them is called.

        calls: The calls.

        where: Where they are recorded.

        pattern: A filter pattern for them, for the fix.
    """

    name: str
    calls: tuple[Call, ...]
    where: Where
    pattern: str


def watch_of(name: str, source: str, *calls: str, where: Where = Where.REGIONS) -> Watch:
    """Return the watch for *calls* of the service *source*."""
    wanted = " || ".join(f"($.eventName = {call})" for call in calls)
    pattern = f"{{ ($.eventSource = {json.dumps(f'{source}.amazonaws.com')}) && ({wanted}) }}"

    return Watch(name, tuple(Call(call, source, call) for call in calls), where, pattern)


def unheard(watch: Watch, account: Inventory) -> Iterator[Problem]:
    """
    Yield a problem if there are calls that nobody is told of in a region that is in use.

    Raises:
        EvidenceMissing, Undecided: There is none as far as was seen, and not all was.
    """
    broken: dict[str, tuple[Hop, ...]] = {}
    idle: dict[str, tuple[Hop, ...]] = {}
    where: list[str] = []
    unknown: EvidenceMissing | Undecided | None = None
    regions = _regions(watch, account)
    for region in regions:
        paths, hidden = _broken(watch, region, account)
        if not paths and not hidden:
            continue
        try:
            counts = (watch.where is not Where.REGIONS and region == regions[0]) or is_used(region, account)
        except EvidenceMissing as reason:
            unknown = unknown or hidden or reason
            continue
        if counts:
            unknown = unknown or hidden
            broken = {**paths, **broken}
            where += [region] if paths else []
        else:
            idle = {**paths, **idle}
    if not broken and idle and not any(is_used(region, account) for region in regions):
        broken = idle
    if broken:
        yield _problem(watch, broken, where, regions, account)
    elif unknown:
        raise unknown


def _regions(watch: Watch, account: Inventory) -> list[str]:
    home = [home_region(account.target.partition, watch.calls[0].source)] if watch.where is not Where.REGIONS else []
    return list(dict.fromkeys([*home, *(account.regions if watch.where is not Where.HOME else ())]))


def _broken(
    watch: Watch, region: str, account: Inventory
) -> tuple[dict[str, tuple[Hop, ...]], EvidenceMissing | Undecided | None]:
    """Return the calls that nobody is told of where they are made in *region*, and why it is not known of some."""
    found: dict[str, tuple[Hop, ...]] = {}
    unknown: EvidenceMissing | Undecided | None = None
    for call in watch.calls:
        try:
            path = broken_at((_record(call, region, account),), region, account, everywhere=True)
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
        else:
            if path:
                found[call.label] = path

    return found, unknown


def _record(call: Call, region: str, account: Inventory) -> Mapping[str, Any]:
    return recorded(call.source, call.name, region, account, **call.more)


def _problem(
    watch: Watch, broken: Mapping[str, tuple[Hop, ...]], where: list[str], regions: list[str], account: Inventory
) -> Problem:
    path = max(broken.values(), key=len)
    labels = list(broken)
    more = len(labels) - _SHOWN
    listed = ", ".join(labels[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    there = f" in {', '.join(where)}" if where and len(where) < len(regions) else ""
    records = [_record(call, regions[0], account) for call in watch.calls]

    return Problem(
        f"nobody is told of {listed}{there}: {path[-1].by}",
        expected="each call reaches somebody",
        found=f"{len(labels)} of {len(watch.calls)} do not",
        fill=counting(watch.name, watch.pattern, records, regions[0], account, everywhere=True),
        path=path,
    )


def remarked(call: Call, account: Inventory) -> Iterator[Note]:
    """Yield a note if nobody is told of *call*, which no standard asks for; nothing where that is not known."""
    for region in account.regions:
        try:
            path = broken_at((_record(call, region, account),), region, account, everywhere=True)
        except (EvidenceMissing, Undecided):
            continue
        if path:
            yield Note(f"nobody is told of {call.label}, which came after the standards")
            return
