"""What is known for certain of several things, of some of which nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from awsaudit import Undecided
from awsaudit.errors import EvidenceMissing


T = TypeVar("T")
U = TypeVar("U")


def certain(things: Iterable[T], judge: Callable[[T], U | None], *, most: int | None = None) -> tuple[U, ...]:
    """
    Return what *judge* finds at *things*; empty only if it is known that it finds nothing.

    Args:
        things: What to judge; that they cannot all be told may be raised in their midst.

        judge: Returns None where it finds nothing.

        most: How many findings are enough; unset means all.

    Raises:
        EvidenceMissing, Undecided: It found nothing, and of some thing it could not tell.
    """
    found: list[U] = []
    unknown: EvidenceMissing | Undecided | None = None
    pending = iter(things)
    while most is None or len(found) < most:
        try:
            thing = next(pending)
            judged = judge(thing)
        except StopIteration:
            break
        except (EvidenceMissing, Undecided) as reason:
            # A generator that raised is at its end: the next turn tells.
            unknown = unknown or reason
        else:
            found += [] if judged is None else [judged]
    if unknown and not found:
        raise unknown

    return tuple(found)
