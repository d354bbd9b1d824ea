"""Where regular expressions of filters are anchored."""

from __future__ import annotations

import re

from collections.abc import Iterator
from typing import Final


_BEGINS: Final = ("^", "\\A")
_ENDS: Final = ("$", "\\z", "\\Z")
_FLAGS: Final = re.compile(r"\(\?[a-zA-Z]+\)")


def alternatives(pattern: str) -> tuple[str, ...]:
    """Return what *pattern* offers to match, those of a group that is all of it one by one: two for ``a|b`` and ``(a|b)``."""
    found = tuple(_split(_FLAGS.sub("", pattern)))
    if len(found) > 1:
        return tuple(a for each in found for a in alternatives(each))
    inner = _whole_group(found[0])

    return found if inner is None else alternatives(inner)


def is_anchored(pattern: str, *, end: bool) -> bool:
    """
    Tell whether every alternative of *pattern* begins where the text begins.

    Args:
        pattern: A regular expression.

        end: Whether it has to end where the text ends, too.
    """
    return all(_begins(a) and (not end or _ends(a)) for a in alternatives(pattern))


def _begins(pattern: str) -> bool:
    return pattern.startswith(_BEGINS)


def _ends(pattern: str) -> bool:
    mark = next((m for m in _ENDS if pattern.endswith(m)), "")
    before = pattern[: len(pattern) - len(mark)]
    escapes = len(before) - len(before.rstrip("\\"))

    return bool(mark) and escapes % 2 == 0


def meant(pattern: str) -> tuple[str, ...]:
    """Return what *pattern* offers to match, without anchors: ``1`` and ``2`` for ``^1|2$``, as for ``^(1|2)$``."""
    found = alternatives(pattern)
    if found == (bare(found[0]),):
        return found

    return tuple(text for alternative in found for text in meant(bare(alternative)))


def bare(alternative: str) -> str:
    """Return *alternative* without its anchors."""
    begin = next((m for m in _BEGINS if alternative.startswith(m)), "")
    end = next((m for m in _ENDS if alternative.endswith(m)), "") if _ends(alternative) else ""

    return alternative[len(begin) : len(alternative) - len(end)]


def _split(pattern: str) -> Iterator[str]:
    """Yield the alternatives of *pattern* that are in no group."""
    start = 0
    for at, depth in _outside(pattern):
        if pattern[at] == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _whole_group(pattern: str) -> str | None:
    """Return what is in the group that *pattern* consists of; None where it is more than one."""
    if not pattern.startswith("(") or (pattern.startswith("(?") and not pattern.startswith("(?:")):
        return None
    closing = next((at for at, depth in _outside(pattern) if pattern[at] == ")" and depth == 0), None)

    return pattern[3 if pattern.startswith("(?:") else 1 : -1] if closing == len(pattern) - 1 else None


def _outside(pattern: str) -> Iterator[tuple[int, int]]:
    """Yield the places in *pattern* where characters mean something, with the number of groups that are open after it."""
    depth, within, escaped = 0, False, False
    for at, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif within:
            within = character != "]"
        else:
            within = character == "["
            depth += {"(": 1, ")": -1}.get(character, 0)
            yield at, depth
