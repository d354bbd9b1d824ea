"""
Three values: it holds, it does not, or it hangs on something that is not known, which is then named.
"""

from __future__ import annotations

import functools

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from attrs import frozen

from awsaudit.access.policy import Unread


if TYPE_CHECKING:
    from awsaudit.gap import Gap


@frozen(cache_hash=True)
class Doubt:
    """
    Something that is not known, and on which an answer hangs.

    Args:
        on: A context key in lower case, or in words what else is not known.

        policy: The policy.

        statement: The statement of it; empty where it is the policy as a whole.

        unread: The policy, where it is that which could not be read.
    """

    on: str
    policy: str
    statement: str = ""
    unread: Unread | None = None

    @property
    def gap(self) -> Gap | None:
        """The call that was not answered, if that is the reason."""
        return self.unread.gap if self.unread else None

    def __str__(self) -> str:
        """Return it as a phrase."""
        where = f"{self.policy}, {self.statement}" if self.statement else self.policy
        return f"{self.on} ({where})"


@frozen(cache_hash=True)
class Truth:
    """
    Whether something holds.

    Args:
        value: True, False, or None where that hangs on *doubts*.

        doubts: What it hangs on; empty unless *value* is None.
    """

    value: bool | None
    doubts: tuple[Doubt, ...] = ()


YES: Final = Truth(value=True)
NO: Final = Truth(value=False)


def truth_of(value: bool) -> Truth:  # noqa: FBT001 - it is what is asked about
    """Return the truth that *value* is."""
    return YES if value else NO


def maybe(*doubts: Doubt) -> Truth:
    """Return the truth that hangs on *doubts*."""
    return Truth(None, doubts)


@functools.lru_cache(maxsize=16_384)
def in_doubt(on: str, policy: str, statement: str) -> Truth:
    """Return the truth that hangs on one thing; the same one each time."""
    return maybe(Doubt(on, policy, statement))


def both(*truths: Truth) -> Truth:
    """Return whether all of *truths* hold."""
    doubtful: list[Truth] = []
    for truth in truths:
        if truth.value is False:
            return NO
        if truth.value is None:
            doubtful.append(truth)

    return _together(doubtful) if doubtful else YES


def either(*truths: Truth) -> Truth:
    """Return whether one of *truths* holds."""
    doubtful: list[Truth] = []
    for truth in truths:
        if truth.value:
            return YES
        if truth.value is None:
            doubtful.append(truth)

    return _together(doubtful) if doubtful else NO


def opposite(truth: Truth) -> Truth:
    """Return whether *truth* does not hold."""
    return truth if truth.value is None else truth_of(not truth.value)


def _together(doubtful: Sequence[Truth]) -> Truth:
    """Return the truth that hangs on all that *doubtful* ones, at least one, hang on."""
    if len(doubtful) == 1:
        return doubtful[0]

    return Truth(None, tuple(dict.fromkeys([doubt for truth in doubtful for doubt in truth.doubts])))
