"""Whether somebody is told when a call is made: from the trail that records it to who is subscribed."""

from __future__ import annotations

import contextlib
import json

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, Undecided
from awsaudit.errors import EvidenceMissing, PatternError
from awsaudit.event_pattern import matches
from awsaudit.filter_pattern import parse_filter
from awsaudit.resources.cloudtrail import FieldSelector, Trail
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.logs import MetricFilter
from awsaudit.resources.sns import Topic
from awsaudit_checks.cloudwatch.alarm import TOLD, Alarm, above, acts, silence
from awsaudit_checks.sns.audience import deafness, is_topic


T = TypeVar("T")

ALERTS: Final = (
    Trail.arn,
    Trail.name,
    Trail.log_group_arn,
    Trail.logging,
    Trail.selectors,
    Trail.advanced_selectors,
    MetricFilter.name,
    MetricFilter.log_group,
    MetricFilter.pattern,
    MetricFilter.metrics,
    MetricFilter.transformed,
    MetricFilter.selection,
    MetricAlarm.arn,
    MetricAlarm.name,
    MetricAlarm.actions,
    MetricAlarm.actions_enabled,
    MetricAlarm.metric,
    MetricAlarm.metrics,
    CompositeAlarm.arn,
    CompositeAlarm.name,
    CompositeAlarm.actions,
    CompositeAlarm.actions_enabled,
    CompositeAlarm.rule,
    Rule.arn,
    Rule.bus_name,
    Rule.state,
    Rule.event_pattern,
    Rule.managed_by,
    Target.id,
    Target.destination,
    *TOLD,
)
"""What `broken_at` looks at; for a check's uses=."""

Record = Mapping[str, Any]
Path = tuple[Hop, ...]


@frozen
class _Reached:
    """How far a way to somebody leads: its steps, the last of which does not hold unless somebody is told."""

    path: Path
    told: bool = False


def broken_at(records: Iterable[Record], region: str, account: Inventory) -> Path | None:
    """
    Return how far a call is told, up to where that breaks; None if somebody is told of it.

    Args:
        records: The call as CloudTrail records it, in the forms that it may have; one of them is enough.

        region: Where the call is made.

        account: The account.

    Raises:
        EvidenceMissing, Undecided: Nobody that could be seen is told, and not all that might be could be seen.
    """
    seen = _Seen()
    for record in records:
        for reached in _ways(record, region, account, seen):
            if reached.told:
                return None
            seen.longest = max(seen.longest, reached.path, key=len)
    seen.settle()

    return seen.longest


class _Seen:
    """The longest way so far, and what could not be seen."""

    def __init__(self) -> None:
        self.longest: Path = (Hop("no trail", Trail.type, "no trail records the call", holds=False),)
        self.unknown: EvidenceMissing | Undecided | None = None

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """Keep in mind what is not known within the context."""
        try:
            yield
        except (EvidenceMissing, Undecided) as reason:
            self.unknown = self.unknown or reason

    def those(self, things: Iterable[T], where: Callable[[T], bool]) -> list[T]:
        """Return those of *things* of which *where* is known to be true."""
        found = []
        for thing in things:
            with self.noting():
                found += [thing] if where(thing) else []

        return found

    def settle(self) -> None:
        if self.unknown:
            raise self.unknown


def _ways(record: Record, region: str, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    with seen.noting():
        account.every(Trail, region)
    recording = seen.those(account.seen(Trail, region), lambda trail: _records(trail, record))
    for trail in recording:
        start = (Hop(trail.arn, Trail.type, "it records the call"),)
        yield from _by_filters(start, trail, record, account, seen)
    if recording:
        yield from _by_rules(recording[0], record, region, account, seen)


def _records(trail: Trail, record: Record) -> bool:
    if not trail.logging:
        return False
    if trail.advanced_selectors:
        return any(all(_selects(each, record) for each in conditions) for conditions in trail.advanced_selectors)
    if not trail.selectors:
        return True
    wanted = {"All", "ReadOnly" if record["readOnly"] else "WriteOnly"}

    return any(
        selector.management and selector.reads_and_writes in wanted and record["eventSource"] not in selector.excluded
        for selector in trail.selectors
    )


def _selects(condition: FieldSelector, record: Record) -> bool:
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


_LOG_GROUP: Final = "AWS::Logs::LogGroup"


def _by_filters(start: Path, trail: Trail, record: Record, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    if trail.log_group_arn is None:
        yield _Reached((*start[:-1], Hop(trail.arn, Trail.type, "it sends to no log group", holds=False)))
        return
    where, owner, group = (trail.log_group_arn.split(":")[place] for place in (3, 4, 6))
    if owner != account.account:
        seen.unknown = seen.unknown or Undecided(f"the log group of the trail {trail.name} is in the account {owner}")
        return
    with seen.noting():
        account.every(MetricFilter, where)
    if where not in account.regions:
        return
    at_group = (*start, Hop(trail.log_group_arn.removesuffix(":*"), _LOG_GROUP, "the trail sends to it"))
    yield _Reached(
        (
            *start,
            Hop(trail.log_group_arn.removesuffix(":*"), _LOG_GROUP, "no metric filter counts the call", holds=False),
        )
    )
    of_group = [each for each in account.seen(MetricFilter, where) if each.log_group == group]
    for counter in seen.those(of_group, lambda each: _counts(each, record)):
        counted = (*at_group, Hop(counter.arn, MetricFilter.type, "it counts the call"))
        yield from _by_alarms(counted, counter, account, seen)


def _counts(counter: MetricFilter, record: Record) -> bool:
    try:
        answer = parse_filter(counter.pattern).matches(record)
    except PatternError as wrong:
        raise Undecided(f"the pattern of the metric filter {counter.name} is not understood: {wrong}") from wrong
    if answer is None or (answer and (counter.transformed or counter.selection)):
        raise Undecided(f"whether the metric filter {counter.name} counts the call cannot be told")

    return answer


def _by_alarms(start: Path, counter: MetricFilter, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    yield _Reached((*start[:-1], Hop(counter.arn, MetricFilter.type, "no alarm watches its metric", holds=False)))
    with seen.noting():
        account.every(MetricAlarm, counter.region)
        account.every(CompositeAlarm, counter.region)
    watching = [alarm for alarm in account.seen(MetricAlarm, counter.region) if _watches(alarm, counter)]
    every: list[Alarm] = [*watching]
    every += above(watching, account.seen(CompositeAlarm, counter.region))
    for alarm in every:
        if not acts(alarm):
            yield _Reached((*start, Hop(alarm.arn, type(alarm).type, "it does nothing", holds=False)))
            continue
        at_alarm = (*start, Hop(alarm.arn, type(alarm).type, "it watches the metric"))
        for action in alarm.actions:
            with seen.noting():
                broken = silence(alarm, action, account)
                yield _Reached((*at_alarm, *broken.path) if broken else (*at_alarm, _end(action)), told=not broken)


def _watches(alarm: MetricAlarm, counter: MetricFilter) -> bool:
    watched = {(series.namespace, series.metric) for series in (alarm.metric, *alarm.metrics)}
    return any((metric.namespace, metric.name) in watched for metric in counter.metrics)


def _end(action: str) -> Hop:
    return Hop(action, Topic.type if is_topic(action) else "target")


def _by_rules(trail: Trail, record: Record, region: str, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    with seen.noting():
        account.every(Rule, region)
    start = (Hop(trail.arn, Trail.type, "it records the call"),)
    for rule in seen.those(account.seen(Rule, region), lambda rule: _takes(rule, record)):
        at_rule = (*start, Hop(rule.arn, Rule.type, "its pattern takes the call"))
        yield _Reached((*start, Hop(rule.arn, Rule.type, "it takes the call, and has no target", holds=False)))
        targets: tuple[Target, ...] = ()
        with seen.noting():
            targets = account.children(rule, Target)
        for target in targets:
            with seen.noting():
                why = deafness(target.destination, account) if is_topic(target.destination) else None
                end = _end(target.destination)
                yield _Reached((*at_rule, evolve(end, by=f"it {why}" if why else "", holds=not why)), told=not why)


def _takes(rule: Rule, record: Record) -> bool:
    """Tell whether *rule* takes the call; in the usual state a rule is given no calls that only read."""
    own = rule.bus_name == "default" and rule.managed_by is None and rule.event_pattern is not None
    if not own or rule.state not in ({_ALL} if record["readOnly"] else {_ALL, "ENABLED"}):
        return False
    event = {
        "version": "0",
        "source": "aws." + str(record["eventSource"]).partition(".")[0],
        "detail-type": "AWS API Call via CloudTrail",
        "account": record["recipientAccountId"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }
    try:
        return matches(json.loads(rule.event_pattern or "{}"), event)
    except PatternError as wrong:
        raise Undecided(f"the event pattern of the rule {rule.name} is not understood: {wrong}") from wrong


# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
_ALL: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
