"""
The ways to become a role: by assuming it, from outside, by a token, or by running with it.
"""

from __future__ import annotations

import enum
import heapq
import itertools

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from attrs import frozen

from awsaudit.access.entry import ENTRIES, UNKNOWN, Entry, entries_of, federated
from awsaudit.access.estate import CONTROL, IDENTITY, ZONE, holders, identity_of, trust_of, zone_of
from awsaudit.access.evaluate import Decision
from awsaudit.access.exposure import exposure
from awsaudit.access.match import Reason
from awsaudit.access.policy import Form, Policy, PolicyKind, Unread
from awsaudit.access.question import Question, answer, answer_outsider
from awsaudit.access.truth import Doubt
from awsaudit.check import Hop
from awsaudit.declare import Fact
from awsaudit.inventory import Inventory
from awsaudit.resources.iam import Role, User


PRINCIPALS: Final[tuple[Fact[Any], ...]] = (*IDENTITY, *CONTROL, *ZONE)
"""What answers about users and roles look at."""

CHAINS: Final[tuple[Fact[Any], ...]] = (*PRINCIPALS, *ENTRIES)
"""What `ways_into` looks at."""


class Through(enum.Enum):
    """Which paths are wanted."""

    NONE = "none"
    """Those who may do it themselves."""

    ROLES = "roles"
    """And who may become them by assuming roles, in this account and from outside, by tokens too."""

    ALL = "all"
    """And the machines, functions, builds and pods that act as these roles."""


def in_words(doubts: Iterable[Doubt]) -> tuple[str, ...]:
    """Return *doubts* in words, each once."""
    return tuple(dict.fromkeys(map(str, doubts)))


def by_what(decision: Decision) -> str:
    """Return the statements by which *decision* allows, in words."""
    granting = [reason for reason in decision.allowed_by if reason.kind not in _BOUNDING]
    return _phrase(granting) or "a policy that could not be read"


FENCES: Final = frozenset({PolicyKind.SCP, PolicyKind.RCP})
"""Policies of the organization: they can only take rights away."""

_BOUNDING: Final = frozenset({*FENCES, PolicyKind.BOUNDARY, PolicyKind.SESSION})
_SHOWN: Final = 3


def _phrase(reasons: Iterable[Reason]) -> str:
    said = [str(reason) for reason in reasons]
    rest = len(said) - _SHOWN

    return "; ".join(said[:_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")


@frozen
class Way:
    """
    A way to become a role.

    Args:
        hops: From whoever comes to the role; the role is the last hop.

        doubts: What it hangs on.

        outside: Whether it begins outside the account.
    """

    hops: tuple[Hop, ...]
    doubts: tuple[Doubt, ...] = ()
    outside: bool = False

    @property
    def certain(self) -> bool:
        """Whether it hangs on nothing."""
        return not self.doubts

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What it hangs on, in words."""
        return in_words(self.doubts)


Place = tuple[str, "Role | User | None", Way]
"""Who has been come to, as which role or user of the account, and how."""


def best_first(start: Place, onward: Callable[[Place], Iterable[Place]]) -> Iterator[Place]:
    """Yield every place that can be come to, each by its best way: one that hangs on nothing, else a short one."""
    number = itertools.count()
    pending = [(False, 0, next(number), start)]
    seen: set[str] = set()
    while pending:
        *_, place = heapq.heappop(pending)
        if place[0] in seen:
            continue
        seen.add(place[0])
        yield place
        for further in onward(place):
            if further[0] not in seen:
                way = further[2]
                heapq.heappush(pending, (not way.certain, len(way.hops), next(number), further))


def ways_into(role: Role, account: Inventory, *, through: Through = Through.ALL) -> Iterator[Way]:
    """
    Yield the ways to become *role*, each origin once: those first that hang on nothing, and of these short ones.

    Args:
        role: The role.

        account: What was collected: all of `CHAINS`.

        through: Which paths to look for.
    """

    def before(place: Place) -> Iterator[Place]:
        _, target, tail = place
        if isinstance(target, Role):
            for step in steps_into(target, account, through=through):
                yield step.origin, step.holder, _before(step, tail)

    start: Place = (role.arn, role, Way((Hop(role.arn, type(role).type),)))
    for _, _, way in itertools.islice(best_first(start, before), 1, None):
        yield way


def _before(step: Step, tail: Way) -> Way:
    first = Hop(step.origin, step.type)
    turned = Hop(tail.hops[0].resource, tail.hops[0].type, step.by, holds=True if step.certain else None)
    return Way((first, turned, *tail.hops[1:]), (*step.doubts, *tail.doubts), step.outside or tail.outside)


@frozen
class Step:
    """
    One way to become a role, without what comes before.

    Args:
        origin: Who becomes it.

        type: What they are.

        by: What opens the way, in words.

        doubts: What it hangs on.

        holder: The role or user, where it is one of the account.

        outside: Whether it is outside the account.
    """

    origin: str
    type: str
    by: str
    doubts: tuple[Doubt, ...] = ()
    holder: Role | User | None = None
    outside: bool = False

    @property
    def certain(self) -> bool:
        """Whether it hangs on nothing."""
        return not self.doubts

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What it hangs on, in words."""
        return in_words(self.doubts)


def steps_into(role: Role, account: Inventory, *, through: Through = Through.ALL) -> tuple[Step, ...]:
    """Return who may become *role* at once: by assuming it, from outside, by a token, or because they run with it."""
    steps = account.once(("access.steps", role.arn), lambda: tuple(_assuming(role, account)))
    if through is Through.ALL:
        steps += account.once(("access.entries", role.arn), lambda: tuple(map(_entering, entries_of(role, account))))

    return steps


def _entering(entry: Entry) -> Step:
    return Step(entry.origin, entry.type, entry.by, entry.doubts, outside=entry.outside)


def _assuming(role: Role, account: Inventory) -> Iterator[Step]:
    trust = trust_of(role)
    asked = Question("sts:AssumeRole", role.arn, role.account, own=trust)
    for holder in _who_might(trust, account):
        if holder.arn != role.arn:
            decision = answer(asked, holder, account)
            if decision.possible:
                yield Step(
                    holder.arn, type(holder).type, f"assumes it: {by_what(decision)}", decision.depends_on, holder
                )
    if isinstance(trust, Policy):
        yield from _from_outside(asked, role, trust, account)
        yield from map(_entering, federated(role, trust, account))
    else:
        yield _anybody(trust)


def _anybody(trust: Unread) -> Step:
    doubt = Doubt(f"what the {trust.kind.value} says", trust.name, unread=trust)
    return Step(f"whomever {trust.name} lets in", UNKNOWN, f"assumes it: {trust.name}", (doubt,), outside=True)


def _who_might(trust: Policy | Unread, account: Inventory) -> Iterator[Role | User]:
    """Yield the roles and users that *trust* could let in: it has to name them, their account, or anybody."""
    allowing = [s for s in trust.about("sts:AssumeRole") if s.allow] if isinstance(trust, Policy) else []
    entries = [entry for statement in allowing for entry in statement.principals or ()]
    anybody = any(entry.form is Form.ANYONE for entry in entries)
    anybody = anybody or any(statement.not_principals is not None for statement in allowing)
    delegated = isinstance(trust, Unread) or any(
        entry.form is Form.ACCOUNT and entry.account == account.account for entry in entries
    )
    named = {entry.text for entry in entries}
    sessions = {entry.text.split("/")[1] for entry in entries if entry.form is Form.SESSION}
    for holder in holders(account):
        own = holder.arn in named or (isinstance(holder, Role) and holder.name in sessions)
        if anybody or own or (delegated and _asks_to_assume(holder, account)):
            yield holder


def _asks_to_assume(holder: Role | User, account: Inventory) -> bool:
    """Tell whether a policy of *holder* speaks of assuming roles, or could not be read."""
    return account.once(
        ("access.assumes", holder.arn),
        lambda: any(
            isinstance(layer, Unread) or any(s.allow for s in layer.about("sts:AssumeRole"))
            for layer in identity_of(holder, account)
        ),
    )


def _from_outside(asked: Question, role: Role, trust: Policy, account: Inventory) -> Iterator[Step]:
    found = exposure(trust, owner=role.account, trusted=zone_of(account), resource=role.arn, actions=["sts:AssumeRole"])
    if found.undecided:
        yield _anybody(Unread(trust.name, trust.kind, reason=found.undecided))
    for opening in found.openings:
        if opening.deputy or opening.service is not None:
            continue
        if answer_outsider(asked, opening.witness.principal, account).possible:
            by = f"assumes it: {trust.name}, {opening.statement.label}"
            yield Step(opening.who, "outside", by, opening.depends_on, outside=True)
