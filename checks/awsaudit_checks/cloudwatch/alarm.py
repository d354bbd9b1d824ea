"""Whether an alarm reaches somebody: from its action to who is subscribed."""

from __future__ import annotations

import re

from collections.abc import Iterable
from typing import Final, TypeAlias

from attrs import evolve

from awsaudit import Hop, Inventory, Undecided
from awsaudit.access import TOPICS
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.kms import Key
from awsaudit.resources.sns import Topic
from awsaudit_checks.events.delivery import Break, Sender, publishing
from awsaudit_checks.sns.audience import AUDIENCE, deafness, is_topic
from awsaudit_checks.sns.key import ALARMS


Alarm: TypeAlias = MetricAlarm | CompositeAlarm

TOLD: Final = (*AUDIENCE, *TOPICS, Key.state)
"""What `silence` looks at besides the alarm; for a check's uses=."""

HEARD: Final = "a topic with a confirmed subscription"
"""What is expected where a way breaks for want of a subscription."""

_CHILD: Final = re.compile(r"""\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*("[^"]*"|'[^']*'|[^)]*?)\s*\)""")


def acts(alarm: Alarm) -> bool:
    """Tell whether something is done when *alarm* goes into alarm."""
    return alarm.actions_enabled and bool(alarm.actions)


def above(alarms: Iterable[Alarm], composites: Iterable[CompositeAlarm]) -> list[CompositeAlarm]:
    """Return the composite alarms whose rule names one of *alarms*, directly or through another composite alarm."""
    names = {alarm.name for alarm in alarms}
    found: list[CompositeAlarm] = []
    waiting = list(composites)
    while reached := [composite for composite in waiting if _children(composite) & names]:
        found += reached
        names |= {composite.name for composite in reached}
        waiting = [composite for composite in waiting if composite not in reached]

    return found


def _children(composite: CompositeAlarm) -> set[str]:
    return {name_of(match[1].strip("\"'")) for match in _CHILD.finditer(composite.rule or "")}


def name_of(reference: str) -> str:
    """Return the name of the alarm that *reference* names, which may be its ARN."""
    return reference.partition(":alarm:")[2] or reference


def silence(alarm: Alarm, action: str, account: Inventory) -> Break | None:
    """
    Return where the way from *alarm* by its *action* to somebody breaks; None if nowhere.

    An action that is no topic is taken to work: it calls a function, scales a group, opens an incident.

    Raises:
        EvidenceMissing, Undecided: It hangs on what could not be read.
    """
    unknown: EvidenceMissing | Undecided | None = None
    for look in (_refusal, _deafness) if is_topic(action) else ():
        try:
            broken = look(alarm, action, account)
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
        else:
            if broken:
                return broken
    if unknown:
        raise unknown

    return None


def _refusal(alarm: Alarm, action: str, account: Inventory) -> Break | None:
    topic = account.by_arn(Topic, action)
    return publishing(topic, _sender(alarm), account) if topic else None


def _deafness(_: Alarm, action: str, account: Inventory) -> Break | None:
    why = deafness(action, account)
    if why is None:
        return None

    return Break(
        f"the topic {action.rpartition(':')[2]} {why}",
        (Hop(action, Topic.type, f"it {why}", holds=False),),
        HEARD,
    )


def _sender(alarm: Alarm) -> Sender:
    every = f"arn:{alarm.partition}:cloudwatch:{alarm.region}:{alarm.account}:alarm:*"
    # The policy that a topic has from the start names nobody but the owner of the source, and lets alarms in.
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    owner = {"aws:SourceOwner": alarm.account}

    return Sender(alarm.arn, alarm.account, (every,), service=ALARMS, name="CloudWatch alarms", context=owner)


def furthest(alarms: Iterable[Alarm], account: Inventory) -> tuple[Alarm, Break] | None:
    """
    Return the way that leads furthest of those by which *alarms* reach nobody; None if one of them reaches somebody, or none acts.

    Raises:
        EvidenceMissing, Undecided: None was seen to reach somebody, and of some it could not be seen.
    """
    ways: list[tuple[Alarm, Break]] = []
    unknown: EvidenceMissing | Undecided | None = None
    for alarm in alarms:
        for action in alarm.actions if acts(alarm) else ():
            try:
                broken = silence(alarm, action, account)
            except (EvidenceMissing, Undecided) as reason:
                unknown = unknown or reason
                continue
            if broken is None:
                return None
            ways.append((alarm, evolve(broken, path=(Hop(alarm.arn, type(alarm).type), *broken.path))))
    if unknown:
        raise unknown

    return max(ways, key=lambda way: len(way[1].path), default=None)


def topic_of_alarms(region: str, account: Inventory) -> str | None:
    """Return a topic that alarms of *region* tell already, and by which somebody hears of them; None if none was seen."""
    telling = {
        action: alarm for alarm in account.seen(MetricAlarm, region) for action in alarm.actions if is_topic(action)
    }
    return next((topic for topic in sorted(telling) if _works(telling[topic], topic, account)), None)


def _works(alarm: Alarm, topic: str, account: Inventory) -> bool:
    try:
        return silence(alarm, topic, account) is None
    except (EvidenceMissing, Undecided):
        return False
