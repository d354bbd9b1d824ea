"""
The values of a context key that a set of conditions can tell apart.

There are infinitely many values and few that matter: one for each way in which the conditions can come out. Trying these
is as good as trying all.
"""

from __future__ import annotations

import ipaddress

from collections.abc import Iterable, Iterator, Sequence

from awsaudit.access.condition import moment, networks_of
from awsaudit.access.pattern import Pattern, arn_glob, glob, literal, representatives
from awsaudit.access.policy import Condition
from awsaudit.access.request import MULTIVALUED, Value


def candidates(conditions: Iterable[Condition], key: str, within: Pattern | None = None) -> tuple[Value | None, ...]:
    """
    Return the values of *key* that *conditions* tell apart; None stands for a request without it.

    Args:
        conditions: Conditions on any keys.

        key: The key, in lower case.

        within: The form that every text has to have, such as twelve digits; unset means any.

    Raises:
        OverflowError: There are too many to be told apart.
    """
    own = [c for c in conditions if c.key == key]
    found: dict[Value | None, None] = {}
    for value in _single(own, within):
        found[(value,) if key in MULTIVALUED else value] = None
    if key in MULTIVALUED:
        found[()] = None
    found[None] = None

    return tuple(found)


def _single(conditions: Sequence[Condition], within: Pattern | None) -> Iterator[str]:
    patterns: dict[Pattern, None] = {}
    for condition in conditions:
        name = condition.operator.name
        if name.startswith(("string", "arn", "binary")):
            patterns.update((_pattern(name, value), None) for value in condition.values)
        elif name == "bool":
            yield from ("true", "false")
        elif name == "ipaddress":
            yield from _addresses(condition.values)
        elif name.startswith(("numeric", "date")):
            yield from _around(condition.values, dates=name.startswith("date"))
    if patterns or not conditions or all(c.operator.name == "null" for c in conditions):
        yield from representatives(patterns, within)


def _pattern(operator: str, value: str) -> Pattern:
    if operator == "stringlike":
        return glob(value)
    if operator.startswith("arn"):
        return arn_glob(value)

    return literal(value, fold=operator == "stringequalsignorecase")


def _addresses(values: Iterable[str]) -> Iterator[str]:
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
    for value in values:
        try:
            middle = moment(value) if dates else float(value)
        except (ValueError, OverflowError):
            continue
        yield from (str(middle - 1), str(middle), str(middle + 1))
