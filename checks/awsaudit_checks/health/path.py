"""The way of an alert of AWS Health, hop by hop, from a rule to whoever hears it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, NotApplicable, Undecided
from awsaudit.access import answer_service, question
from awsaudit.resources.events import ApiDestination, EventBus, Rule, Target
from awsaudit.resources.lambda_ import EventSourceMapping
from awsaudit.resources.pipes import Pipe
from awsaudit.resources.sns import Topic, TopicSubscription
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.delivery import Break
from awsaudit_checks.events.invocation import INVOCATION, refusal
from awsaudit_checks.events.permission import holds
from awsaudit_checks.events.place import is_built_in, kind_of, type_of
from awsaudit_checks.health.arrival import Arrival, best
from awsaudit_checks.health.forwarding import rules_on
from awsaudit_checks.health.listener import LISTENER, UNFILTER, hears
from awsaudit_checks.health.notice import NOTIFIED, notified
from awsaudit_checks.health.rule import RULES, begin
from awsaudit_checks.sns.audience import AUDIENCE, deafness, hearers


WAY: Final = (
    *RULES, Rule.role_arn, *INVOCATION, Target.state_machine_arn, *LISTENER, *AUDIENCE, ApiDestination.arn,
    ApiDestination.name, ApiDestination.state, EventSourceMapping.source_arn, EventSourceMapping.function_arn,
    EventSourceMapping.state, Pipe.source, Pipe.target, Pipe.state, *NOTIFIED,
)  # fmt: skip
"""What `told` looks at; for a check's uses=."""

# Who subscribes has confirmed it; what a function or an endpoint does then is its own.
_TOLD: Final = frozenset({"email", "email-json", "sms", "http", "https", "application", "lambda"})
_IDLE: Final = frozenset({"Disabled", "Disabling", "Deleting"})
_SOMEBODY: Final = "somebody who is told"
_EXPECTED: Final = "a target that tells somebody"


@frozen
class _Way:
    """
    How far an alert has come.

    Args:
        rule: The rule that hands it on.

        account: Where everything is.

        path: The hops so far, that of the rule included.

        buses: The ARNs of the event buses that it was on already.
    """

    rule: Rule
    account: Inventory
    path: tuple[Hop, ...]
    buses: tuple[str, ...] = ()


def told(rule: Rule, account: Inventory) -> Arrival | Break:
    """
    Return who is told by *rule*, one on the default bus that takes events of AWS Health, or where the way breaks.

    Raises:
        EvidenceMissing, Undecided: Nobody is for certain, and on one of the ways it hangs on what is not known.
    """
    if rule.managed_by:
        return notified(rule, account)

    *before, last = begin(rule)

    return _handed_on(_Way(rule, account, (*before, evolve(last, by=f"it is enabled, and {last.by}"))))


def _handed_on(way: _Way) -> Arrival | Break:
    *before, last = way.path
    without = (*before, evolve(last, by="it has no target", holds=False))
    targets = way.account.children(way.rule, Target)

    return best(
        (partial(_at, target, way) for target in targets),
        Break(f"the rule {way.rule.name} has no target", without, _EXPECTED),
    )


def _at(target: Target, way: _Way) -> Arrival | Break:
    here = evolve(way, path=(*way.path, Hop(f"target {target.id}", Target.type, "what matches goes there")))
    try:
        found = _admitted(target, here)
    except Undecided as reason:
        arn = target.destination
        seen = reason.path or (*here.path, Hop(arn, type_of(arn), str(reason), holds=None))
        raise Undecided(str(reason), seen) from reason
    if isinstance(found, Break) and found.cli:
        return evolve(found, fill={"region": target.region, **found.fill})

    return found


def _admitted(target: Target, way: _Way) -> Arrival | Break:
    arn = target.destination
    if is_built_in(arn):
        return _stop(way, arn, "is something that EventBridge does itself, and tells nobody")
    try:
        broken = refusal(target, way.rule, way.account)
    except NotApplicable:
        return _stop(way, arn, "does not exist")
    if broken:
        return evolve(broken, path=(*way.path, *broken.path))
    beyond = _BEYOND.get(kind_of(arn))
    if beyond is None:
        raise Undecided(f"they get to {arn}, and whom that tells is not seen")

    return beyond(target, way)


def _stop(way: _Way, arn: str, what: str) -> Break:
    """Return a break at what has the ARN *arn*."""
    return Break(f"{arn} {what}", (*way.path, Hop(arn, type_of(arn), f"it {what}", holds=False)), _EXPECTED)


def _read(target: Target, way: _Way) -> Arrival | Break:
    return Arrival(_reader(target.destination, way.account))


def _run(target: Target, way: _Way) -> Arrival | Break:
    arn = target.destination
    if ":stateMachine:" in arn and target.state_machine_arn is None:
        return _stop(way, arn, "does not exist")

    return Arrival(f"the {'state machine' if ':stateMachine:' in arn else 'function'} {arn}")


def _called(target: Target, way: _Way) -> Arrival | Break:
    arn = target.destination
    found = way.account.by_arn(ApiDestination, arn)
    if found is None:
        return _stop(way, arn, "does not exist")
    if found.state != "ACTIVE":
        return _stop(way, arn, f"is {found.state}")

    return Arrival(f"the API destination {found.name}")


def _forwarded(target: Target, way: _Way) -> Arrival | Break:
    arn = target.destination
    if arn in way.buses:
        return _stop(way, arn, "sends them round in a circle")
    nothing = _stop(way, arn, "has no enabled rule that takes them")
    bus = Hop(arn, EventBus.type, "EventBridge may send to it")
    below = [
        evolve(
            way, rule=rule, buses=(*way.buses, arn), path=(*way.path, bus, Hop(rule.arn, Rule.type, "it takes them"))
        )
        for rule in rules_on(arn, way.rule, way.account)
    ]

    return best((partial(_handed_on, each) for each in below), nothing)


def _published(target: Target, way: _Way) -> Arrival | Break:
    arn = target.destination
    topic = way.account.by_arn(Topic, arn)
    why = deafness(arn, way.account)
    if topic is None or why:
        name = arn.rpartition(":")[2]
        broken = (*way.path, Hop(arn, Topic.type, f"it {why}", holds=False))
        return Break(f"the topic {name} {why}", broken, "a confirmed subscription")
    here = evolve(way, path=(*way.path, Hop(arn, Topic.type, "EventBridge may publish to it")))
    subscribers = hearers(topic, way.account)

    return best((partial(_heard, each, target, here) for each in subscribers), _stop(way, arn, "has no subscription"))


def _heard(subscription: TopicSubscription, target: Target, way: _Way) -> Arrival | Break:
    arn, protocol = subscription.subscription_arn, subscription.protocol
    passing = hears(subscription, target, way.rule)
    if passing is None:
        why = f"whether the filter policy of the subscription {arn} lets them through cannot be told"
        raise Undecided(why, (*way.path, Hop(arn, TopicSubscription.type, "its filter policy", holds=None)))
    if not passing:
        what = "its filter policy keeps events of AWS Health out"
        return Break(
            f"the filter policy of the subscription {arn} keeps events of AWS Health out",
            (*way.path, Hop(arn, TopicSubscription.type, what, holds=False)),
            _SOMEBODY,
            UNFILTER,
            {"subscription": arn, "filter_policy": "{}"},
        )
    if protocol in _TOLD:
        return Arrival(f"the {protocol} subscription of the topic {subscription.topic_arn.rpartition(':')[2]}")
    if protocol == "sqs":
        return _queued(subscription, way)
    seen = (*way.path, Hop(arn, TopicSubscription.type, f"whom {protocol} tells is not seen", holds=None))
    raise Undecided(f"the topic hands them to {protocol}, and whom that tells is not seen", seen)


def _queued(subscription: TopicSubscription, way: _Way) -> Arrival | Break:
    """Return who reads the queue that a topic sends to."""
    queue = way.account.by_arn(Queue, subscription.endpoint.shown)
    if queue is None:
        return _stop(way, subscription.endpoint.shown, "does not exist")
    asked = question("sqs:SendMessage", queue, way.account)
    if not holds(answer_service(asked, "sns.amazonaws.com", subscription.topic_arn, queue.account)):
        return _stop(way, queue.arn, "does not let the topic send to it")

    return Arrival(_reader(queue.arn, way.account))


def _reader(queue_arn: str, account: Inventory) -> str:
    """Return what reads the queue, in words; any program may, so that seeing none says nothing."""
    region = queue_arn.split(":")[3]
    for mapping in account.seen(EventSourceMapping, region):
        if mapping.source_arn == queue_arn and mapping.state not in _IDLE:
            return f"the function {mapping.function_arn}, which reads the queue {queue_arn}"
    for pipe in account.seen(Pipe, region):
        if pipe.source == queue_arn and pipe.state == "RUNNING":
            return f"{pipe.target}, by a pipe from the queue {queue_arn}"
    account.every(EventSourceMapping, region)
    account.every(Pipe, region)
    raise Undecided(f"who reads the queue {queue_arn} is not seen")


# What the kinds of targets do with an event; of others that is not seen.
_BEYOND: Final[Mapping[str, Callable[[Target, _Way], Arrival | Break]]] = {
    "sns": _published,
    "sqs": _read,
    "lambda": _run,
    "states": _run,
    "api-destination": _called,
    "event-bus": _forwarded,
}
