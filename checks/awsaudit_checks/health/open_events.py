import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.health import Account, Entity, Event


_SETTLED: Final = frozenset({"RESOLVED", "UNIMPAIRED"})
_SHOWN: Final = 3


@check(
    "health-open-events",
    title="No open actionable Health events are overdue",
    severity=Severity.MEDIUM,
    uses=(
        Event.arn, Event.type_code, Event.category, Event.scope_code, Event.event_region, Event.starts, Event.actionability,
        Event.entities,
    ),
    remediation=Remediation(
        text="Do what the event asks for, for each of the resources that it names, before the day that it names.",
        cli=None,
        url="https://docs.aws.amazon.com/health/latest/ug/getting-started-health-dashboard.html",
    ),
)  # fmt: skip
def open_events(account: Account, inventory: Inventory, *, days: int = 14) -> Iterator[Problem]:
    """
    AWS names the day on which it retires an instance, rotates a certificate or ends a version, and does it then, ready or
    not. Judged are the account's own events that are open or upcoming: changes that begin within the days of the option, and
    whatever requires an action, as long as a resource is not settled. Accounts whose support plan does not include the API
    of AWS Health cannot be asked.
    """
    if not account.supported:
        raise NotApplicable(
            "the account's support plan does not include the API of AWS Health (Business or above does)"
        )
    until = account.as_of + datetime.timedelta(days=days)
    for event in inventory.every(Event):
        if event.scope_code == "ACCOUNT_SPECIFIC" and _is_pressing(event, until):
            open_ = [entity for entity in event.entities if entity.status not in _SETTLED]
            if open_ or not event.entities:
                yield _problem(event, open_)


def _is_pressing(event: Event, until: datetime.datetime) -> bool:
    soon = event.category == "scheduledChange" and event.starts is not None and event.starts <= until
    return soon or event.actionability == "ACTION_REQUIRED"


def _problem(event: Event, open_: list[Entity]) -> Problem:
    names = [entity.name for entity in open_]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    when = f" from {event.starts:%Y-%m-%d}" if event.starts else ""
    where = f" in {event.event_region}" if event.event_region else ""

    return Problem(
        f"{event.type_code}{where}{when}: {shown or 'what it affects is not told'}",
        expected="every resource of the event settled",
        found=f"{len(names)} open" if names else "open",
        sub_key=event.arn,
        path=(Hop(event.arn, Event.type), *(Hop(e.name, "affected", (e.status or "").lower()) for e in open_[:_SHOWN])),
    )
