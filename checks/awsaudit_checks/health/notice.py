"""What User Notifications tells people of the events of AWS Health."""

from __future__ import annotations

from functools import partial
from typing import Final

from awsaudit import Hop, Inventory, Undecided
from awsaudit.errors import PatternError
from awsaudit.resources.events import Rule
from awsaudit.resources.notifications import Channel, EmailContact, EventRule, NotificationConfiguration
from awsaudit_checks.events.delivery import Break
from awsaudit_checks.events.place import kind_of
from awsaudit_checks.health.arrival import Arrival, best
from awsaudit_checks.health.event import HEALTH, SOURCE, sample, takes
from awsaudit_checks.health.rule import begin, sought


NOTICES: Final = (
    NotificationConfiguration.arn,
    NotificationConfiguration.status,
    EventRule.arn,
    EventRule.source,
    EventRule.event_type,
    EventRule.event_pattern,
    EventRule.rule_arns,
    EventRule.active_regions,
    Channel.destination,
)
"""What the functions here look at, `notified` apart; for a check's uses=."""

NOTIFIED: Final = (*NOTICES, EmailContact.arn, EmailContact.status)
"""What `notified` looks at; for a check's uses=."""

_WORKING: Final = frozenset({"ACTIVE", "PARTIALLY_ACTIVE"})


def notices(account: Inventory) -> tuple[EventRule, ...]:
    """
    Return the event rules by which User Notifications tells somebody of events of AWS Health, in some region at least.

    Raises:
        EvidenceMissing, Undecided: None was found, and there may be one.
    """
    found = sought(account.seen(EventRule), lambda notice: is_notice(notice) and bool(channels_of(notice, account)))
    if not found:
        account.every(EventRule)

    return found


def is_notice(notice: EventRule) -> bool:
    """
    Tell whether *notice* takes events of AWS Health in some region.

    Raises:
        Undecided: Its pattern has something that is not understood.
    """
    if notice.source != SOURCE or notice.event_type not in {None, HEALTH} or not notice.active_regions:
        return False
    try:
        return takes(notice.event_pattern or {}, sample(notice.account, notice.active_regions[0]))
    except PatternError as wrong:
        raise Undecided(f"the event pattern of {notice.arn} is not understood: {wrong}") from wrong


def configuration_of(notice: EventRule) -> NotificationConfiguration | None:
    """Return the configuration of *notice*; None unless it works."""
    found = notice.parent_resource
    return found if isinstance(found, NotificationConfiguration) and found.status in _WORKING else None


def channels_of(notice: EventRule, account: Inventory) -> tuple[Channel, ...]:
    """
    Return where *notice* sends to; nothing where its configuration does not work.

    Raises:
        EvidenceMissing: That could not be listed.
    """
    configuration = configuration_of(notice)
    return account.children(configuration, Channel) if configuration else ()


def notified(rule: Rule, account: Inventory) -> Arrival | Break:
    """
    Return whom User Notifications tells of what *rule*, which it made, takes, or where the way breaks.

    Raises:
        EvidenceMissing, Undecided: It hangs on what is not known.
    """
    made = sought(account.seen(EventRule), lambda notice: rule.arn in notice.rule_arns)
    if not made:
        account.every(EventRule)
        raise Undecided(f"User Notifications has no event rule for {rule.name}", begin(rule))

    return best((partial(_noticed, notice, rule, account) for notice in made), _unheard(made[0], rule, "tells nobody"))


def _noticed(notice: EventRule, rule: Rule, account: Inventory) -> Arrival | Break:
    if configuration_of(notice) is None or rule.region not in notice.active_regions:
        return _unheard(notice, rule, "is not active")

    return best(
        (partial(_channelled, channel, notice, rule, account) for channel in channels_of(notice, account)),
        _unheard(notice, rule, "has no channel"),
    )


def _unheard(notice: EventRule, rule: Rule, what: str) -> Break:
    path = (*begin(rule), Hop(notice.arn, EventRule.type, f"it {what}", holds=False))
    return Break(f"the event rule of User Notifications {what}", path, "an active channel")


def _channelled(channel: Channel, notice: EventRule, rule: Rule, account: Inventory) -> Arrival | Break:
    arn = channel.destination
    if kind_of(arn) != "notifications-contacts":
        return Arrival(f"the channel {arn} of User Notifications")
    contact = account.by_arn(EmailContact, arn)
    if contact and contact.status == "active":
        return Arrival("a mail contact of User Notifications")
    what = "was never confirmed" if contact else "does not exist"
    path = (*begin(rule), Hop(notice.arn, EventRule.type, "it takes them"))

    return Break(
        f"the mail contact {arn} {what}",
        (*path, Hop(arn, EmailContact.type, f"it {what}", holds=False)),
        "an active channel",
    )
