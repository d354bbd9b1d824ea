"""What is said of resources whose policies let outsiders in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsaudit import Hop, Inventory, Problem, Severity, Undecided
from awsaudit.access import Exposure, Opening, PolicyKind, Statement, attached_to, exposure, readable, zone_of
from awsaudit.errors import EvidenceMissing


def exposure_of(  # noqa: PLR0913 - what a policy is asked
    document: Mapping[str, Any] | None,
    what: str,
    arn: str,
    account: Inventory,
    *,
    kind: PolicyKind = PolicyKind.RESOURCE,
    actions: Iterable[str] | None = None,
) -> Exposure | None:
    """
    Return whom the policy of a resource lets in from outside; None without a policy.

    Args:
        document: The policy, as the resource's fact has it.

        what: The resource in words, such as ``the queue orders``.

        arn: The resource's ARN.

        account: The account, for whom it trusts.

        kind: What the policy decides.

        actions: The actions in question; unset means all.

    Raises:
        Undecided: The document is no policy, or its conditions have too many outcomes.
    """
    policy = readable(attached_to(document, what, kind))
    if policy is None:
        return None
    found = exposure(policy, owner=account.account, trusted=zone_of(account), resource=arn, actions=actions)
    if found.undecided:
        raise Undecided(found.undecided)

    return found


def foreign(openings: Iterable[Opening], account: Inventory) -> Iterator[Opening]:
    """
    Yield those of *openings* that lead out of the zone of trust.

    Raises:
        EvidenceMissing: Some lead to accounts of which nobody could see whether they are the organization's; once the
            others were told.
    """
    hidden = False
    for opening in openings:
        if opening.known is False:
            yield opening
        hidden = hidden or opening.known is None
    unseen = zone_of(account).unseen
    if hidden and unseen:
        raise EvidenceMissing(unseen)


def path_of(opening: Opening, arn: str, kind: str) -> tuple[Hop, ...]:
    """Return the path of *opening* to the resource with *arn*, whose CloudFormation type is *kind*."""
    return (Hop(opening.who, "outside"), Hop(arn, kind, f"{opening.statement.label}: {opening.example}"))


def key_of(opening: Opening) -> str:
    """Return what tells *opening* from others of the resource, for good."""
    return f"{opening.statement.sid} {opening.who}".strip()


_SHOWN = 4


def may_do(actions: Iterable[str]) -> str:
    """Return *actions* as a phrase, those beyond the fourth counted only."""
    every = tuple(actions)
    rest = len(every) - _SHOWN

    return ", ".join(every[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def stale_of(statement: Statement, unique_id: str, fill: Mapping[str, str]) -> Problem:
    """Return the problem of a statement that names a principal that was deleted: nobody, and nobody else either."""
    return Problem(
        f"{statement.label} of its policy names {unique_id}, a principal that was deleted",
        expected="principals that exist",
        found=unique_id,
        sub_key=unique_id,
        severity=Severity.LOW,
        fill=fill,
    )
