"""Where the ways of an alert end: at somebody who is told, or where they break."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import frozen

from awsaudit import Undecided
from awsaudit.errors import EvidenceMissing
from awsaudit_checks.events.delivery import Break


@frozen
class Arrival:
    """
    Where an alert arrives.

    Args:
        at: What gets it, in words.
    """

    at: str


def best(ways: Iterable[Callable[[], Arrival | Break]], nothing: Break) -> Arrival | Break:
    """
    Return the arrival on one of several ways, or the break of the one that leads furthest.

    Args:
        ways: Each returns where it ends.

        nothing: What is returned if there are none.

    Raises:
        EvidenceMissing, Undecided: None arrives, and of one it is not known.
    """
    breaks: list[Break] = []
    unknown: EvidenceMissing | Undecided | None = None
    for way in ways:
        try:
            end = way()
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
        else:
            if isinstance(end, Arrival):
                return end
            breaks.append(end)
    if unknown:
        raise unknown

    return max(breaks, key=lambda broken: len(broken.path), default=nothing)
