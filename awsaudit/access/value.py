"""
The values of a context key that a set of conditions can tell apart.

There are infinitely many values and few that matter: one for each way in which the conditions can come out. Trying these
is as good as trying all.
"""

from __future__ import annotations

import functools
import ipaddress
import itertools

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from awsaudit.access.condition import arn_patterns, moment, networks_of, number
from awsaudit.access.pattern import Pattern, Wild, glob, literal, representatives
from awsaudit.access.policy import Condition
from awsaudit.access.request import MULTIVALUED, Value


_ADDRESS_KEYS: Final = frozenset({"aws:sourceip", "aws:vpcsourceip"})
_SOMETHING: Final = Pattern((Wild.ONE, Wild.STAR))
# Of so many values every set is tried for a key that has several.
_MOST_OF_A_SET: Final = 6


def candidates(conditions: Iterable[Condition], key: str, within: Pattern | None = None) -> tuple[Value | None, ...]:
    """
    Return the values of *key* that *conditions* tell apart; None stands for a request without it.

    Args:
        conditions: Conditions on any keys.

        key: The key, in lower case.

        within: The form that every text has to have, such as twelve digits; unset means any.

    Raises:
        OverflowError: There are too many to be told apart, or the key is compared in ways that do not go together.
    """
    return _candidates(tuple(dict.fromkeys(c for c in conditions if c.key == key)), key, within)


@functools.lru_cache(maxsize=4_096)
def _candidates(own: tuple[Condition, ...], key: str, within: Pattern | None) -> tuple[Value | None, ...]:
    single = tuple(dict.fromkeys(_single(own, key, within)))
    found: dict[Value | None, None] = {}
    if key not in MULTIVALUED:
        found.update(dict.fromkeys(single))
    if key in MULTIVALUED or (any(c.operator.quantifier for c in own) and not key.startswith("aws:")):
        found.update(dict.fromkeys(_sets(single, key)))
    found[None] = None

    return tuple(found)


def _sets(single: Sequence[str], key: str) -> Iterator[tuple[str, ...]]:
    if len(single) > _MOST_OF_A_SET:
        raise OverflowError(f"sets of {key} are too many to be told apart")
    for size in range(1, len(single) + 1):
        yield from itertools.combinations(single, size)
    yield ()


def _single(conditions: Sequence[Condition], key: str, within: Pattern | None) -> Iterator[str]:
    lines = [(c.operator.name, c.values) for c in conditions if c.operator.name != "null"]
    values = [value for _, each in lines for value in each]
    ways = {_way(name) for name, _ in lines}
    if key in _ADDRESS_KEYS and ways <= {"text", "ip"}:
        if any(set(v) & {"*", "?"} and set(v) != {"*"} for v in values):
            raise OverflowError(f"{key} is compared as a text")
        yield from addresses(values)
    elif len(ways) > 1:
        raise OverflowError(f"{key} is compared in more than one way")
    elif ways == {"ip"}:
        yield from addresses(values)
    elif ways == {"number"}:
        yield from _around(values, dates=False)
    elif ways == {"date"}:
        yield from _around(values, dates=True)
    elif lines and all(name == "bool" for name, _ in lines):
        yield from ("true", "false")
    else:
        patterns = tuple(dict.fromkeys(p for name, each in lines for value in each for p in _patterns(name, value)))
        yield from _texts(patterns, within)


def _way(operator: str) -> str:
    if operator == "ipaddress":
        return "ip"

    return "number" if operator.startswith("numeric") else "date" if operator.startswith("date") else "text"


def _texts(patterns: Sequence[Pattern], within: Pattern | None) -> Iterator[str]:
    found = representatives(patterns, within or _SOMETHING)
    yield from found
    # An empty text stands for nothing where sets are compared: it is there only if it is a way of its own.
    if within is None and not any(all(p.matches("") == p.matches(text) for p in patterns) for text in found):
        yield ""


def _patterns(operator: str, value: str) -> tuple[Pattern, ...]:
    if operator == "stringlike":
        return (glob(value),)
    if operator.startswith("arn"):
        return arn_patterns(value)

    return (literal(value, fold=operator in {"stringequalsignorecase", "bool"}),)


def addresses(values: Iterable[str]) -> Iterator[str]:
    """Yield the first and last address of each range of *values*, those beside them, and one of the internet's."""
    edges: set[int] = set()
    edges6: set[int] = set()
    for network in networks_of(values):
        first, last = int(network.network_address), int(network.broadcast_address)
        (edges if network.version == 4 else edges6).update((first - 1, first, last, last + 1))  # noqa: PLR2004
    # Addresses of the internet that no range of the policy is likely to hold, one of each version.
    edges.add(int(ipaddress.IPv4Address("198.51.100.7")))
    edges6.add(int(ipaddress.IPv6Address("2001:db8::7")))
    yield from (str(ipaddress.IPv4Address(n)) for n in sorted(edges) if 0 <= n < 2**32)
    yield from (str(ipaddress.IPv6Address(n)) for n in sorted(edges6) if 0 <= n < 2**128)


def _around(values: Iterable[str], *, dates: bool) -> Iterator[str]:
    """Yield each of *values*, what lies between two of them, and what lies beyond."""
    found: set[float] = set()
    for value in values:
        try:
            found.add(moment(value) if dates else number(value))
        except (ValueError, OverflowError):
            continue
    edges = sorted(found) or [0.0]
    between = [(a + b) / 2 for a, b in itertools.pairwise(edges)]
    yield from (str(n) for n in sorted({edges[0] - 1, *edges, *between, edges[-1] + 1}))
