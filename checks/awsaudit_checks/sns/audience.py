"""Whom a topic tells what is published to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from awsaudit import Inventory, Undecided
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.sns import Topic, TopicSubscription


T = TypeVar("T")
F = TypeVar("F")

AUDIENCE: Final = (
    Topic.arn,
    TopicSubscription.subscription_arn,
    TopicSubscription.topic_arn,
    TopicSubscription.protocol,
    TopicSubscription.endpoint,
)
"""What the functions here look at; for a check's uses=."""


def is_topic(arn: str) -> bool:
    """Tell whether *arn* is that of a topic."""
    return arn.split(":")[2:3] == ["sns"]


def hearers(topic: Topic, account: Inventory) -> tuple[TopicSubscription, ...]:
    """
    Return the subscriptions to *topic* that are confirmed.

    Raises:
        EvidenceMissing: They could not be listed.
    """
    return tuple(s for s in account.children(topic, TopicSubscription) if s.confirmed)


def deafness(arn: str, account: Inventory) -> str | None:
    """
    Return why nobody hears what is published to the topic with *arn*; None if somebody does.

    Raises:
        EvidenceMissing: It is in another account, or could not be seen.
    """
    topic = account.by_arn(Topic, arn)
    if topic is None:
        return "does not exist"
    if hearers(topic, account):
        return None
    waiting = [s for s in account.children(topic, TopicSubscription) if s.subscription_arn != "Deleted"]
    if waiting:
        return f"has no subscription but {_several(len(waiting))} that nobody confirmed"

    return "has no subscription"


def is_heard(topic: str, account: Inventory) -> bool:
    """Tell whether somebody is known to hear what is published to *topic*; false where that could not be seen."""
    try:
        return deafness(topic, account) is None
    except EvidenceMissing:
        return False


def _several(count: int) -> str:
    return "one" if count == 1 else str(count)


def problems_of(things: Iterable[T], judge: Callable[[T], F | None]) -> tuple[F, ...]:
    """
    Return the problems, or what else *judge* finds wrong with *things*.

    Raises:
        EvidenceMissing, Undecided: It found none, and of some thing it could not tell.
    """
    found: list[F] = []
    unknown: EvidenceMissing | Undecided | None = None
    for thing in things:
        try:
            problem = judge(thing)
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
        else:
            found += [problem] if problem else []
    if unknown and not found:
        raise unknown

    return tuple(found)
