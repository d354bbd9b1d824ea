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
from awsaudit.resources.cloudtrail import OwnTrail, Trail
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.logs import MetricFilter
from awsaudit.resources.sns import Topic
from awsaudit_checks.cloudtrail.record import RECORDED, Record, is_logging, takes, trails_at
from awsaudit_checks.cloudwatch.alarm import TOLD, Alarm, above, acts, silence, topic_of_alarms
from awsaudit_checks.cloudwatch.counted import COUNTED, counts, is_set_off, watches
from awsaudit_checks.events.delivery import Break, Sender, publishing
from awsaudit_checks.sns.audience import deafness, is_topic


T = TypeVar("T")

ALERTS: Final = (
    *RECORDED,
    Trail.log_group_arn,
    *COUNTED,
    MetricAlarm.arn,
    MetricAlarm.actions,
    MetricAlarm.actions_enabled,
    CompositeAlarm.arn,
    CompositeAlarm.name,
    CompositeAlarm.actions,
    CompositeAlarm.actions_enabled,
    CompositeAlarm.rule,
    Rule.arn,
    Rule.name,
    Rule.bus_name,
    Rule.state,
    Rule.event_pattern,
    Rule.managed_by,
    Target.id,
    Target.destination,
    *TOLD,
)
"""What the functions here look at; for a check's uses=."""

COUNT: Final = (
    "aws logs put-metric-filter --region {where} --log-group-name {group} --filter-name {filter} "
    "--filter-pattern {pattern} --metric-transformations {transformation} && "
    "aws cloudwatch put-metric-alarm --region {where} --alarm-name {filter} --namespace {namespace} "
    "--metric-name {filter} --statistic Sum --period 300 --evaluation-periods 1 --threshold 1 "
    "--comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching --alarm-actions {topic}"
)
"""Counts calls and alarms whoever hears of alarms already; `counting` fills it."""

TRAIL: Final = OwnTrail.type
_LOG_GROUP: Final = "AWS::Logs::LogGroup"
_SIGN_IN: Final = "AWS Console Sign In via CloudTrail"
_CALL: Final = "AWS API Call via CloudTrail"
# In the other state a rule is given no calls that only read.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
_ALL: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"

Path = tuple[Hop, ...]


@frozen
class _Reached:
    """How far a way to somebody leads: its steps, the last of which does not hold unless somebody is told."""

    path: Path
    told: bool = False


def broken_at(records: Iterable[Record], region: str, account: Inventory, *, everywhere: bool = False) -> Path | None:
    """
    Return how far a call is told, up to where that breaks; None if somebody is told of it.

    Args:
        records: The call as CloudTrail records it, in the forms that it may have; one of them is enough.

        region: Where the call is made.

        account: The account.

        everywhere: Whether a metric filter counts on the log group of a trail of all regions only.

    Raises:
        EvidenceMissing, Undecided: Nobody that could be seen is told, and not all that might be could be seen.
    """
    seen = _Seen()
    for record in records:
        for reached in _ways(record, region, account, seen, everywhere=everywhere):
            if reached.told:
                return None
            seen.longest = max(seen.longest, reached.path, key=len)
    seen.settle()

    return seen.longest or (Hop("no trail", TRAIL, "no trail records the call", holds=False),)


class _Seen:
    """The longest way so far, and what could not be seen."""

    def __init__(self) -> None:
        self.longest: Path = ()
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
        found: list[T] = []
        with self.noting():
            for thing in things:
                with self.noting():
                    found += [thing] if where(thing) else []

        return found

    def settle(self) -> None:
        if self.unknown:
            raise self.unknown


def _ways(record: Record, region: str, account: Inventory, seen: _Seen, *, everywhere: bool) -> Iterator[_Reached]:
    recording = seen.those(trails_at(region, account), lambda trail: _records(trail, record, account))
    for trail in recording:
        if everywhere and not trail.multi_region:
            yield _Reached((Hop(trail.arn, TRAIL, "it records what happens in its own region only", holds=False),))
            continue
        start = (Hop(trail.arn, TRAIL, "it records the call"),)
        yield from _by_filters(start, trail, record, account, seen)
    if recording:
        yield from _by_rules(recording[0], record, region, account, seen)


def _records(trail: Trail, record: Record, account: Inventory) -> bool:
    return is_logging(trail, account) and takes(trail, record, account)


def _by_filters(start: Path, trail: Trail, record: Record, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    if trail.log_group_arn is None:
        yield _Reached((*start[:-1], Hop(trail.arn, TRAIL, "it sends to no log group", holds=False)))
        return
    where, owner, group = _place(trail.log_group_arn)
    if owner != account.account:
        seen.unknown = seen.unknown or Undecided(f"the log group of the trail {trail.name} is in the account {owner}")
        return
    with seen.noting():
        account.every(MetricFilter, where)
    if where not in account.regions:
        return
    group_arn = trail.log_group_arn.removesuffix(":*")
    at_group = (*start, Hop(group_arn, _LOG_GROUP, "the trail sends to it"))
    yield _Reached((*start, Hop(group_arn, _LOG_GROUP, "no metric filter counts the call", holds=False)))
    of_group = [each for each in account.seen(MetricFilter, where) if each.log_group == group]
    for counter in seen.those(of_group, lambda each: counts(each, record)):
        counted = (*at_group, Hop(counter.arn, MetricFilter.type, "it counts the call"))
        yield from _by_alarms(counted, counter, record, account, seen)


def _place(log_group: str) -> tuple[str, str, str]:
    """Return region, account and name of the log group with an ARN."""
    _, _, _, region, account, _, name, *_ = log_group.split(":")
    return region, account, name


def _by_alarms(
    start: Path, counter: MetricFilter, record: Record, account: Inventory, seen: _Seen
) -> Iterator[_Reached]:
    yield _Reached((*start[:-1], Hop(counter.arn, MetricFilter.type, "no alarm watches its metric", holds=False)))
    with seen.noting():
        account.every(MetricAlarm, counter.region)
        account.every(CompositeAlarm, counter.region)
    watching = [alarm for alarm in account.seen(MetricAlarm, counter.region) if watches(alarm, counter)]
    set_off = seen.those(watching, lambda alarm: is_set_off(alarm, counter, record))
    for idle in (alarm for alarm in watching if alarm not in set_off):
        yield _Reached((*start, Hop(idle.arn, MetricAlarm.type, "one such call does not set it off", holds=False)))
    every: list[Alarm] = [*set_off]
    every += above(set_off, account.seen(CompositeAlarm, counter.region))
    for alarm in every:
        yield from _by_actions(start, alarm, account, seen)


def _by_actions(start: Path, alarm: Alarm, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    if not acts(alarm):
        yield _Reached((*start, Hop(alarm.arn, type(alarm).type, "it does nothing", holds=False)))
        return
    at_alarm = (*start, Hop(alarm.arn, type(alarm).type, "it watches the metric"))
    for action in alarm.actions:
        with seen.noting():
            broken = _silence(alarm, action, account)
            yield _Reached((*at_alarm, *broken.path) if broken else (*at_alarm, _end(action)), told=not broken)


def _silence(alarm: Alarm, action: str, account: Inventory) -> Break | None:
    return account.once(("cloudwatch.silence", alarm.arn, action), lambda: silence(alarm, action, account))


def _end(action: str) -> Hop:
    return Hop(action, Topic.type if is_topic(action) else "target")


def _by_rules(trail: Trail, record: Record, region: str, account: Inventory, seen: _Seen) -> Iterator[_Reached]:
    with seen.noting():
        account.every(Rule, region)
    if region not in account.regions:
        return
    start = (Hop(trail.arn, TRAIL, "it records the call"),)
    for rule in seen.those(account.seen(Rule, region), lambda rule: _takes(rule, record)):
        at_rule = (*start, Hop(rule.arn, Rule.type, "its pattern takes the call"))
        yield _Reached((*start, Hop(rule.arn, Rule.type, "it takes the call, and has no target", holds=False)))
        targets: tuple[Target, ...] = ()
        with seen.noting():
            targets = account.children(rule, Target)
        for target in targets:
            with seen.noting():
                yield _by_target(at_rule, rule, target, account)


def _by_target(start: Path, rule: Rule, target: Target, account: Inventory) -> _Reached:
    end = _end(target.destination)
    if not is_topic(target.destination):
        return _Reached((*start, end), told=True)
    why = deafness(target.destination, account)
    if why:
        return _Reached((*start, evolve(end, by=f"it {why}", holds=False)))
    topic = account.by_arn(Topic, target.destination)
    broken = publishing(topic, Sender(rule.arn, rule.account, (rule.arn,)), account) if topic else None

    return _Reached((*start, *broken.path) if broken else (*start, end), told=not broken)


def _takes(rule: Rule, record: Record) -> bool:
    """Tell whether *rule* takes the call."""
    own = rule.bus_name == "default" and rule.managed_by is None and rule.event_pattern is not None
    if not own or rule.state not in ({_ALL} if record["readOnly"] else {_ALL, "ENABLED"}):
        return False
    event = {
        "version": "0",
        "source": "aws." + str(record["eventSource"]).partition(".")[0],
        "detail-type": _SIGN_IN if record["eventType"] == "AwsConsoleSignIn" else _CALL,
        "account": record["recipientAccountId"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }
    try:
        return matches(json.loads(rule.event_pattern or "{}"), event)
    except PatternError as wrong:
        raise Undecided(f"the event pattern of the rule {rule.name} is not understood: {wrong}") from wrong


def counting(  # noqa: PLR0913 - what is counted, where and for whom
    name: str, pattern: str, records: Iterable[Record], region: str, account: Inventory, *, everywhere: bool = False
) -> dict[str, str]:
    """
    Return what fills `COUNT`; nothing unless a trail, and other alarms, show where to and for whom.

    Args:
        name: What filter, metric and alarm are called, as long as nothing else is.

        pattern: The calls, as a filter pattern.

        records: The same calls as CloudTrail records them, by which a trail is chosen.

        region: Where they are made.

        account: The account.

        everywhere: As in `broken_at`.
    """
    wanted = [record for record in records if parse_filter(pattern).matches(record)]
    for trail in _Seen().those(trails_at(region, account), lambda t: all(_records(t, r, account) for r in wanted)):
        if trail.log_group_arn is None or (everywhere and not trail.multi_region):
            continue
        where, owner, group = _place(trail.log_group_arn)
        topic = topic_of_alarms(where, account) if owner == account.account and where in account.regions else None
        if topic:
            free = _free(name, where, group, account)
            return {
                "where": where,
                "group": group,
                "filter": free,
                "pattern": pattern,
                "namespace": _NAMESPACE,
                "transformation": f"metricName={free},metricNamespace={_NAMESPACE},metricValue=1",
                "topic": topic,
            }

    return {}


_NAMESPACE: Final = "CloudTrailAlarms"


def _free(name: str, region: str, group: str, account: Inventory) -> str:
    taken = {each.name for each in account.seen(MetricFilter, region) if each.log_group == group}
    taken |= {alarm.name for alarm in account.seen(MetricAlarm, region)}
    names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))

    return next(each for each in names if each not in taken)


def recorded(source: str, name: str, region: str, account: Inventory, **more: Any) -> Mapping[str, Any]:
    """
    Return a call as CloudTrail records it.

    Args:
        source: The service, such as ``iam``.

        name: The call.

        region: Where it is made.

        account: The account.

        more: Members of the record that differ from those of a plain write.
    """
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:session",
            "arn": f"arn:{account.target.partition}:sts::{account.account}:assumed-role/example/session",
            "accountId": account.account,
        },
        "eventTime": "2026-01-01T00:00:00Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2",
        "requestParameters": {"name": "example"},
        "responseElements": None,
        "requestID": "00000000-0000-0000-0000-000000000000",
        "eventID": "00000000-0000-0000-0000-000000000000",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account.account,
        "eventCategory": "Management",
        **more,
    }
