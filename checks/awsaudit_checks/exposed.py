"""What is said of resources whose policies let outsiders in."""

from __future__ import annotations

import json

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, Note, Problem, Severity, Undecided
from awsaudit.access import (
    Exposure,
    Level,
    Opening,
    Policy,
    PolicyKind,
    Statement,
    attached_to,
    exposure,
    readable,
    zone_of,
)
from awsaudit.errors import EvidenceMissing
from awsaudit_checks.repair import closed, without_strangers
from awsaudit_checks.statement import speaks_of


@frozen
class Shared:
    """
    A resource with the policy that hangs on it.

    Args:
        document: The policy, as the resource's fact has it; None without one.

        what: The resource in words, such as ``the queue orders``.

        arn: The resource's ARN.

        type: CloudFormation's name of its type.

        kind: What the policy decides.

        whose: The policy in words.

        also: More resources that the policy decides on, with wildcards.
    """

    document: Mapping[str, Any] | None
    what: str
    arn: str
    type: str
    kind: PolicyKind = PolicyKind.RESOURCE
    whose: str = "its policy"
    also: tuple[str, ...] = ()


@frozen
class Mend:
    """
    How a policy is put in the place of another.

    Args:
        fill: From the new policy, as JSON text, to what fills the command; from None where no statement is left.

        cli: The command, where it is not the check's.

        emptied: The command where no statement is left; unset where it is the same.
    """

    fill: Callable[[str | None], Mapping[str, str]]
    cli: str | None = None
    emptied: str | None = None


def exposure_of(shared: Shared, account: Inventory, *, actions: Iterable[str] | None = None) -> Exposure | None:
    """
    Return whom the policy of a resource lets in from outside; None without a policy.

    Args:
        shared: The resource.

        account: The account, for whom it trusts.

        actions: The actions in question; unset means all.

    Raises:
        Undecided: The document is no policy, or its conditions have too many outcomes.
    """
    policy = policy_of(shared)
    if policy is None:
        return None
    zone = zone_of(account)
    found = exposure(policy, owner=account.account, trusted=zone, resource=shared.arn, actions=actions)
    if found.undecided:
        raise Undecided(found.undecided)
    openings = tuple(o for o in found.openings if speaks_of(o.statement, (shared.arn, f"{shared.arn}/*", *shared.also)))
    outside = (o.level for o in openings if o.known is not True and not o.deputy)

    return evolve(found, openings=openings, level=max(outside, default=Level.CONTAINED))


def policy_of(shared: Shared) -> Policy | None:
    """
    Return the policy of a resource; None without one.

    Raises:
        Undecided: The document is no policy.
    """
    return readable(attached_to(shared.document, shared.what, shared.kind))


def foreign(openings: Iterable[Opening], account: Inventory, *, beside: bool = False) -> tuple[Opening, ...]:
    """
    Return those of *openings* that lead out of the zone of trust.

    Args:
        openings: The ways in.

        account: The account.

        beside: Whether something else is surely wrong: then what cannot be told does not matter.

    Raises:
        EvidenceMissing: None surely does, and some lead to accounts of which nobody could see whether they are the
            organization's.
        Undecided: None surely does, and some hang on what nobody knows.
    """
    found = tuple(openings)
    strangers = tuple(o for o in found if o.known is False)
    sure = tuple(o for o in strangers if not o.depends_on) if beside else certain(strangers)
    unseen = zone_of(account).unseen
    if not sure and not beside and unseen and any(o.known is None for o in found):
        raise EvidenceMissing(unseen)

    return sure


def certain(openings: Iterable[Opening]) -> tuple[Opening, ...]:
    """
    Return those of *openings* that hang on nothing.

    Raises:
        Undecided: There are only others.
    """
    found = tuple(openings)
    sure = tuple(o for o in found if not o.depends_on)
    if found and not sure:
        first = found[0]
        raise Undecided(f"whether {first.who} gets in hangs on {', '.join(map(str, first.depends_on))}")

    return sure


def public_problems(
    shared: Shared,
    found: Exposure | None,
    account: Inventory,
    mend: Mend,
    *,
    severity: Callable[[Opening], Severity | None] | None = None,
) -> Iterator[Problem]:
    """
    Yield a problem for each statement that lets everybody in; the command mends them together.

    Args:
        shared: The resource.

        found: Whom its policy lets in; None without one.

        account: The account.

        mend: How the policy is replaced.

        severity: How bad a way in is, where that is graded.

    Raises:
        Undecided: Whether somebody gets in hangs on what nobody knows.
    """
    if found is None:
        return
    public = certain(found.public)
    expected = "named principals, or conditions that bind who asks"
    yield from ways(shared, public, mend, mended(shared, found, account), expected=expected, severity=severity)


def stranger_problems(  # noqa: PLR0913 - what is said of a way in
    shared: Shared,
    found: Exposure | None,
    account: Inventory,
    mend: Mend,
    *,
    severity: Callable[[Opening], Severity | None] | None = None,
    beside: bool = False,
) -> Iterator[Problem | Note]:
    """
    Yield a problem for each way in for accounts, organizations or networks that nobody knows, by themselves or by an AWS
    service that acts for them, and for each principal of the policy that was deleted; the command mends them together.

    Args:
        shared: The resource.

        found: Whom its policy lets in; None without one.

        account: The account.

        mend: How the policy is replaced.

        severity: How bad a way in is, where that is graded.

        beside: Whether something else is surely wrong with the resource: then accounts of which nobody could see whose they
            are make no verdict unknown.

    Raises:
        EvidenceMissing: Whether accounts are the organization's could not be seen.
        Undecided: Whether somebody gets in hangs on what nobody knows.
    """
    if found is None:
        return
    strangers = foreign(crossing(found), account, beside=beside)
    yield from ways(
        shared, strangers, mend, mended(shared, found, account), expected="known accounts only", severity=severity
    )
    yield from _deleted(shared, found, mend, mended(shared, found, account))
    unseen = zone_of(account).unseen
    for opening in crossing(found):
        if opening.known is None:
            yield Note(
                f"it lets {_party(opening)} in too; whether that is the organization's could not be seen: {unseen}"
            )


def crossing(found: Exposure) -> tuple[Opening, ...]:
    """
    Return the ways in for single accounts, organizations and networks, by an AWS service that acts for them as well.

    A service that the policy binds to the resources of one account does what that account tells it to; one that is bound to
    nobody may be anybody's, which is not what is asked here.
    """
    return (*found.cross_account, *(o for o in found.deputies if o.level is Level.CROSS_ACCOUNT))


def _party(opening: Opening) -> str:
    return f"{opening.who} through {opening.service}" if opening.deputy else opening.who


def mended(shared: Shared, found: Exposure, account: Inventory) -> str | None:
    """
    Return the policy with nobody in it who is not known, as JSON text; None where no statement is left.

    A policy is replaced as a whole: the command for one problem would undo what that for another mended.
    """
    private = json.loads(closed(shared.document or {}, found.public, account.account) or "{}")
    strangers = (opening for opening in crossing(found) if opening.known is False)

    return without_strangers(private, strangers, found.stale, account.account)


def ways(  # noqa: PLR0913 - what is said of a way in
    shared: Shared,
    openings: Iterable[Opening],
    mend: Mend,
    new: str | None,
    *,
    expected: str,
    severity: Callable[[Opening], Severity | None] | None = None,
) -> Iterator[Problem]:
    """
    Yield a problem for each way in.

    Args:
        shared: The resource.

        openings: The ways in.

        mend: How the policy is replaced.

        new: The policy without them, as JSON text; None where no statement is left.

        expected: What should be there.

        severity: How bad a way in is, where that is graded.
    """
    for opening in openings:
        yield Problem(
            f"{opening.statement.label} of {shared.whose} lets {_party(opening)} do {may_do(opening.actions)}: "
            f"{opening.example}",
            expected=expected,
            found=opening.who,
            sub_key=_key(shared, opening.statement, _party(opening)),
            severity=severity(opening) if severity else None,
            path=path_of(opening, shared.arn, shared.type),
            fill=mend.fill(new),
            cli=mend.emptied if new is None and mend.emptied else mend.cli,
        )


def _deleted(shared: Shared, found: Exposure, mend: Mend, new: str | None) -> Iterator[Problem]:
    # AWS shows the unique id of a principal that is no more: it lets nobody in, and nobody else either.
    for statement, unique_id in found.stale:
        yield Problem(
            f"{statement.label} of {shared.whose} names {unique_id}, a principal that was deleted",
            expected="principals that exist",
            found=unique_id,
            sub_key=_key(shared, statement, unique_id),
            severity=Severity.LOW,
            fill=mend.fill(new),
            cli=mend.emptied if new is None and mend.emptied else mend.cli,
        )


def path_of(opening: Opening, arn: str, kind: str) -> tuple[Hop, ...]:
    """Return the path of *opening* to the resource with *arn*, whose CloudFormation type is *kind*."""
    return (Hop(opening.who, "outside"), Hop(arn, kind, f"{opening.statement.label}: {opening.example}"))


def _key(shared: Shared, statement: Statement, who: str) -> str:
    """Return what tells a problem from others of the resource, for good."""
    where = "" if shared.whose == "its policy" else shared.whose
    return " ".join(filter(None, (where, statement.sid, who)))


_SHOWN = 4


def may_do(actions: Iterable[str]) -> str:
    """Return *actions* as a phrase, those beyond the fourth counted only."""
    every = tuple(actions)
    rest = len(every) - _SHOWN

    return ", ".join(every[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
