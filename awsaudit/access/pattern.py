"""
Globs of policies: match a text, cover another glob, and find texts for every way in which several globs can match.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import enum
import functools
import itertools
import re

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

from attrs import field, frozen


class Wild(enum.Enum):
    """A wildcard of a glob."""

    __hash__ = object.__hash__  # each member is there once, and that of Enum is slow

    STAR = ".*"
    """Any text."""

    ONE = "."
    """Any character."""

    STAR_INSIDE = "[^:]*"
    """Any text without a colon: it stays inside one component of an ARN."""

    ONE_INSIDE = "[^:]"
    """Any character but a colon."""

    DIGIT = "[0-9]"
    """A digit, for texts whose form is known."""


Item: TypeAlias = "str | Wild"
_STARS: Final = frozenset({Wild.STAR, Wild.STAR_INSIDE})
_ARN_PARTS: Final = 6


@frozen(cache_hash=True)
class Pattern:
    """
    A glob, read.

    Args:
        items: Its characters and wildcards.

        fold: Whether upper and lower case are the same.
    """

    items: tuple[Item, ...]
    fold: bool = False
    literal: str | None = field(init=False, eq=False, repr=False)
    """The one text that it matches, but for upper and lower case; None if it has wildcards."""

    @literal.default
    def _text(self) -> str | None:
        texts = [item for item in self.items if isinstance(item, str)]
        return "".join(texts) if len(texts) == len(self.items) else None

    @functools.cached_property
    def _regex(self) -> re.Pattern[str]:
        parts = (item.value if isinstance(item, Wild) else re.escape(item) for item in self.items)
        return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if self.fold else 0))

    def matches(self, text: str) -> bool:
        """Tell whether it matches all of *text*."""
        if self.literal is not None and not self.fold:
            return self.literal == text

        return self._regex.fullmatch(text) is not None

    def covers(self, other: Pattern) -> bool:
        """Tell whether it matches every text that *other* matches; False also where that takes too long to see."""
        if other.literal is not None and not other.fold:
            return self.matches(other.literal)
        if self.fold or not other.fold:
            one, two = (_lowered(self.items), _lowered(other.items)) if self.fold else (self.items, other.items)
            if _covers(one, two):
                return True

        return self.overlaps(other) and _has_all(self, other)

    def overlaps(self, other: Pattern) -> bool:
        """Tell whether some text is matched by both."""
        if self.fold or other.fold:
            return _meet(_lowered(self.items), _lowered(other.items))

        return _meet(self.items, other.items)


def glob(text: str, *, fold: bool = False) -> Pattern:
    """Return the pattern of a glob in which ``*`` is any text and ``?`` any character."""
    return _glob(text, fold)


@functools.lru_cache(maxsize=65_536)
def _glob(text: str, fold: bool) -> Pattern:  # noqa: FBT001 - behind a keyword-only front
    return Pattern(tuple(_items(text)), fold)


def _items(text: str, *, inside: bool = False) -> Iterator[Item]:
    star, one = (Wild.STAR_INSIDE, Wild.ONE_INSIDE) if inside else (Wild.STAR, Wild.ONE)
    for char in text:
        yield star if char == "*" else one if char == "?" else char


@functools.lru_cache(maxsize=65_536)
def literal(text: str, *, fold: bool = False) -> Pattern:
    """Return the pattern that matches *text* and nothing else."""
    return Pattern(tuple(text), fold)


@functools.lru_cache(maxsize=65_536)
def arn_glob(text: str) -> Pattern:
    """
    Return the pattern of an ARN in a condition: six components, compared one by one.

    A wildcard crosses a slash, and no colon before the sixth component. A lone ``*`` matches everything.
    """
    return items_to_arn(tuple(_items(text)))


@functools.lru_cache(maxsize=65_536)
def resource_glob(text: str) -> Pattern:
    """
    Return the pattern of an entry of a Resource element.

    It is that of an ARN, but for a ``*`` that ends a component: this one goes on beyond the colon.
    """
    return items_to_arn(tuple(_items(text)), crossing=True)


def items_to_arn(items: Sequence[Item], *, crossing: bool = False) -> Pattern:
    """
    Return the pattern of an ARN out of a plain glob's *items*.

    Args:
        items: The characters and wildcards.

        crossing: Whether a ``*`` that ends a component goes on beyond the colon, as it does in resources.
    """
    if all(item is Wild.STAR for item in items) and items:
        return Pattern((Wild.STAR,))
    inside = {Wild.STAR: Wild.STAR_INSIDE, Wild.ONE: Wild.ONE_INSIDE}
    kept: list[Item] = []
    colons = 0
    for item, after in itertools.zip_longest(items, items[1:], fillvalue=":"):
        colons += item == ":"
        free = colons >= _ARN_PARTS - 1 or (crossing and item is Wild.STAR and after == ":")
        kept.append(inside.get(item, item) if isinstance(item, Wild) and not free else item)

    return Pattern(tuple(kept))


def is_whole_arn(text: str) -> bool:
    """Tell whether *text* has the six components of an ARN, or is a lone ``*``."""
    return text.count(":") >= _ARN_PARTS - 1 or text.strip("*") == ""


def _lowered(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(item if isinstance(item, Wild) else item.lower() for item in items)


_MOST_STATES: Final = 4_000


@functools.lru_cache(maxsize=16_384)
def _has_all(wide: Pattern, narrow: Pattern) -> bool:
    try:
        return all(wide.matches(text) for text in _texts((wide,), narrow, frozenset(), _MOST_STATES))
    except OverflowError:
        return False


def _covers(wide: Sequence[Item], narrow: Sequence[Item]) -> bool:
    """Tell whether *wide* matches whatever *narrow* does, by letting wildcards of *wide* eat items of *narrow*."""
    reached = _spread(wide, {0})
    for item in narrow:
        after = {at + 1 for at in reached if at < len(wide) and _eats(wide[at], item)}
        after |= {at for at in reached if at < len(wide) and _star_eats(wide[at], item)}
        reached = _spread(wide, after)
        if not reached:
            return False

    return len(wide) in reached


def _spread(items: Sequence[Item], places: Iterable[int]) -> set[int]:
    reached: set[int] = set()
    for place in places:
        at = place
        reached.add(at)
        while at < len(items) and items[at] in _STARS:
            at += 1
            reached.add(at)

    return reached


def _eats(wide: Item, narrow: Item) -> bool:
    if narrow in _STARS:
        return False
    if wide is Wild.ONE:
        return True
    if wide is Wild.ONE_INSIDE:
        return narrow != ":" and narrow is not Wild.ONE
    if wide is Wild.DIGIT:
        return narrow is Wild.DIGIT or (isinstance(narrow, str) and narrow.isdigit())

    return wide == narrow


def _star_eats(wide: Item, narrow: Item) -> bool:
    if wide is Wild.STAR:
        return True

    return wide is Wild.STAR_INSIDE and narrow not in {":", Wild.STAR, Wild.ONE}


_Place: TypeAlias = "frozenset[int]"


def representatives(patterns: Iterable[Pattern], within: Pattern | None = None, limit: int = 20_000) -> tuple[str, ...]:
    """
    Return a text for every way in which *patterns* can match or not match one text.

    Whatever a condition over these patterns can tell apart, two of the texts tell apart too: so trying the texts is as good
    as trying all texts.

    Args:
        patterns: The patterns.

        within: The form that every text has to have; unset means any.

        limit: How many states the search looks at, at most.

    Raises:
        OverflowError: The patterns are too many and too long to be told apart within *limit*.
    """
    wanted = tuple(dict.fromkeys(patterns))
    literals = [p.literal for p in wanted if p.literal is not None and not p.fold]
    found: dict[tuple[bool, ...], str] = {}
    for text in literals:
        if within is None or within.matches(text):
            found.setdefault(_signature(wanted, text), text)
    globs = tuple(p for p in wanted if p.literal is None or p.fold)
    for text in _texts(globs, within or Pattern((Wild.STAR,)), frozenset(literals), limit):
        found.setdefault(_signature(wanted, text), text)

    return tuple(found.values())


def _signature(patterns: Sequence[Pattern], text: str) -> tuple[bool, ...]:
    return tuple(pattern.matches(text) for pattern in patterns)


def _texts(patterns: Sequence[Pattern], form: Pattern, avoid: frozenset[str], limit: int) -> Iterator[str]:
    """Yield a short text, none of *avoid*, for each way in which *patterns* can match."""
    machine = (*patterns, form)
    # Texts that still may become one of those to be avoided are looked at one by one, all others by what they have met.
    nexts = _nexts(avoid)
    start = tuple(frozenset(_spread(p.items, {0})) for p in machine)
    seen = {(start, "" if avoid else None)}
    pending: list[tuple[tuple[_Place, ...], str]] = [(start, "")]
    told: set[tuple[bool, ...]] = set()
    for state, text in pending:
        if len(pending) > limit:
            raise OverflowError(f"{len(patterns)} patterns are too many to be told apart")
        ends = tuple(len(p.items) in places for p, places in zip(machine, state, strict=True))
        if ends[-1] and text not in avoid and ends not in told:
            told.add(ends)
            yield text
        for char in _chars(machine, state, nexts.get(text, frozenset())):
            after = tuple(_step(p, places, char) for p, places in zip(machine, state, strict=True))
            longer = text + char
            known = (after, longer if longer in nexts else None)
            if after[-1] and known not in seen:
                seen.add(known)
                pending.append((after, longer))


def _nexts(texts: Iterable[str]) -> Mapping[str, AbstractSet[str]]:
    """Return the characters that may follow each beginning of *texts*."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for at, char in enumerate(text):
            found.setdefault(text[:at], set()).add(char)
        found.setdefault(text, set())

    return found


_FRESH: Final = "xzqjkvwyaeioubcdfghlmnprst~!#%&+;=@^|"
_DIGITS: Final = "9876543210"


def _chars(machine: Sequence[Pattern], state: Sequence[_Place], nexts: AbstractSet[str]) -> Iterator[str]:
    """Yield the characters that *state* tells apart: those that a pattern waits for, and others that none waits for."""
    waiting: dict[str, None] = {}
    wild: set[Item] = set()
    for pattern, places in zip(machine, state, strict=True):
        for at in places:
            item = pattern.items[at] if at < len(pattern.items) else None
            if isinstance(item, Wild):
                wild.add(item)
            elif item is not None:
                waiting.update(dict.fromkeys((item.lower(), item.upper()) if pattern.fold else (item,)))
    if wild - {Wild.DIGIT}:
        yield next((c for c in _FRESH if c not in waiting and c not in nexts), "\N{SNOWMAN}")
    if Wild.DIGIT in wild:
        others = [c for c in _DIGITS if c not in waiting]
        yield from [c for c in others if c not in nexts][:1] or others
    yield from (char for char in waiting if len(char) == 1)
    if wild & _INSIDE and ":" not in waiting:
        yield ":"


_INSIDE: Final = frozenset({Wild.STAR_INSIDE, Wild.ONE_INSIDE})


def _step(pattern: Pattern, places: _Place, char: str) -> _Place:
    items = pattern.items
    after: set[int] = set()
    for at in places:
        if at < len(items):
            item = items[at]
            if item is Wild.STAR or (item is Wild.STAR_INSIDE and char != ":"):
                after.add(at)
            elif _takes(item, char, fold=pattern.fold):
                after.add(at + 1)

    return frozenset(_spread(items, after))


def _takes(item: Item, char: str, *, fold: bool) -> bool:
    if item in _STARS:
        return False
    if isinstance(item, Wild):
        return item is Wild.ONE or (char != ":" if item is Wild.ONE_INSIDE else char.isdigit())

    return item.lower() == char.lower() if fold else item == char


def _meet(one: Sequence[Item], other: Sequence[Item]) -> bool:
    """Tell whether some text is matched by both *one* and *other*."""
    pending = [(0, 0)]
    seen = {(0, 0)}
    while pending:
        i, j = pending.pop()
        if i == len(one) and j == len(other):
            return True
        for step in _joint_steps(one, other, i, j):
            if step not in seen:
                seen.add(step)
                pending.append(step)

    return False


def _joint_steps(one: Sequence[Item], other: Sequence[Item], i: int, j: int) -> Iterator[tuple[int, int]]:
    a = one[i] if i < len(one) else None
    b = other[j] if j < len(other) else None
    if a in _STARS:
        yield i + 1, j
    if b in _STARS:
        yield i, j + 1
    if a is None or b is None or not _share(a, b):
        return
    yield (i if a in _STARS else i + 1), (j if b in _STARS else j + 1)


def _share(a: Item, b: Item) -> bool:
    """Tell whether one character is eaten by both *a* and *b*."""
    if isinstance(a, Wild) and isinstance(b, Wild):
        return True
    if isinstance(b, Wild):
        a, b = b, a
    if not isinstance(a, Wild):
        return a == b

    return not (a in _INSIDE and b == ":") and (a is not Wild.DIGIT or str(b).isdigit())
