"""
Conditions: operators, absent keys, sets of values, and policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import datetime
import functools
import ipaddress
import re

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from attrs import frozen

from awsaudit.access.pattern import Item, Pattern, Wild, arn_glob, glob, is_whole_arn, items_to_arn, literal
from awsaudit.access.policy import OPERATORS, Condition
from awsaudit.access.request import MULTIVALUED, Request, Value
from awsaudit.access.truth import NO, YES, Truth, both, either, in_doubt, opposite, truth_of


_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_DEFAULT: Final = re.compile(r"(?P<key>[^,]*),\s*'(?P<default>[^']*)'\s*", re.DOTALL)
_LITERAL: Final = frozenset("*?$")
_PATTERNED: Final = frozenset({"stringlike", "arnlike", "arnequals", "resource"})


class Unresolved(Exception):  # noqa: N818 - it names the situation
    """A policy variable whose key the request has not: the value matches nothing."""


@frozen
class Unknown(Exception):  # noqa: N818 - it names the situation
    """
    A policy variable whose key is not known.

    Args:
        key: The key.
    """

    key: str


def holds(condition: Condition, request: Request, policy: str, statement: str) -> Truth:
    """
    Tell whether *condition* holds for *request*.

    Args:
        condition: The condition.

        request: The request.

        policy: How the policy is called, for what is in doubt.

        statement: How the statement is called.
    """
    operator = condition.operator
    if operator.name not in OPERATORS:
        return in_doubt(f"the operator {operator.text}", policy, statement)
    try:
        value = request.look_up(condition.key)
    except KeyError:
        return in_doubt(condition.key, policy, statement)
    if operator.name == "null":
        return _null(condition, value)
    if value is None:
        return _absent(condition)
    if isinstance(value, tuple) or operator.quantifier or condition.key in MULTIVALUED:
        return _of_set(condition, value, request, policy, statement)

    return _single(condition, value, request, policy, statement)


def _null(condition: Condition, value: Value | None) -> Truth:
    wanted = {text.lower() for text in condition.values}
    return truth_of(("true" if value is None or value == () else "false") in wanted)


def _absent(condition: Condition) -> Truth:
    operator = condition.operator
    if operator.quantifier == "forallvalues":
        return YES
    if operator.quantifier == "foranyvalue":
        return NO

    return truth_of(operator.negated or operator.if_exists)


def _of_set(condition: Condition, value: Value, request: Request, policy: str, statement: str) -> Truth:
    quantifier = condition.operator.quantifier
    if not quantifier:
        # A key with several values and an operator for one: it does not match, so its negation does.
        return truth_of(condition.operator.negated)
    # An empty text counts as no value.
    values = [each for each in (value if isinstance(value, tuple) else (value,)) if each]
    singles = [_single(condition, each, request, policy, statement) for each in values]

    return both(*singles) if quantifier == "forallvalues" else either(*singles)


def _single(condition: Condition, value: str, request: Request, policy: str, statement: str) -> Truth:
    name = condition.operator.name
    if condition.varies and name == "bool":
        # One page of AWS's says that Bool takes variables, another that it does not.
        return in_doubt("whether Bool takes variables", policy, statement)
    if condition.varies and name in _TEXTS:
        matches = either(*_with_variables(condition, value, request, policy, statement))
    else:
        matches = truth_of(_matcher_of(condition)(value))
    if (
        matches.value is False
        and name.startswith("arn")
        and any(is_cut(wanted) and glob(wanted).matches(value) for wanted in condition.values)
    ):
        matches = in_doubt("whether an ARN may lack components", policy, statement)

    return opposite(matches) if condition.operator.negated else matches


def is_cut(wanted: str) -> bool:
    """Tell whether *wanted* is an ARN that ends early, in a wildcard; AWS's pages do not tell what it matches."""
    return wanted.endswith("*") and not is_whole_arn(wanted)


def arn_patterns(wanted: str) -> tuple[Pattern, ...]:
    """Return the patterns that tell what an ARN operator makes of *wanted*."""
    return (arn_glob(wanted), glob(wanted)) if is_cut(wanted) else (arn_glob(wanted),)


def _with_variables(condition: Condition, value: str, request: Request, policy: str, statement: str) -> Iterator[Truth]:
    name = condition.operator.name
    for wanted in condition.values:
        try:
            yield truth_of(pattern_of(wanted, request, name).matches(value))
        except Unresolved:
            yield NO
        except Unknown as unknown:
            yield in_doubt(unknown.key, policy, statement)


def pattern_of(text: str, request: Request, operator: str) -> Pattern:
    """
    Return the pattern that *text* is once its variables are replaced; what they are replaced with is no pattern.

    Args:
        text: A value of a condition, or a resource.

        request: Where the variables' values are.

        operator: The operator that compares with it; ``resource`` for a resource.

    Raises:
        Unresolved: The request has no such key, or several values of it.
        Unknown: The key's value is not known.
    """
    items = tuple(_replaced(text, request, wild=operator in _PATTERNED))
    if operator.startswith(("arn", "resource")):
        return items_to_arn(items, crossing=operator == "resource")

    return Pattern(items, fold=operator == "stringequalsignorecase")


def _replaced(text: str, request: Request, *, wild: bool) -> Iterator[Item]:
    at = 0
    for found in _VARIABLE.finditer(text):
        yield from _plain(text[at : found.start()], wild=wild)
        yield from _variable(found[1], request)
        at = found.end()
    yield from _plain(text[at:], wild=wild)


def _plain(text: str, *, wild: bool) -> Iterator[Item]:
    wildcards = {"*": Wild.STAR, "?": Wild.ONE} if wild else {}
    for char in text:
        yield wildcards.get(char, char)


def variables(text: str) -> Iterator[str]:
    """Yield the context keys, in lower case, that the variables in *text* stand for."""
    for name in _VARIABLE.findall(text):
        if name not in _LITERAL:
            yield _key_of(name)


def _key_of(name: str) -> str:
    found = _DEFAULT.fullmatch(name)
    return (found["key"] if found else name).strip().lower()


def _variable(name: str, request: Request) -> str:
    if name in _LITERAL:
        return name
    found = _DEFAULT.fullmatch(name)
    key = _key_of(name)
    try:
        value = request.look_up(key)
    except KeyError:
        raise Unknown(key) from None
    if isinstance(value, str):
        return value
    if value is None and found:
        return found["default"]
    raise Unresolved(key)


Matcher: TypeAlias = "Callable[[str], bool]"


@functools.lru_cache(maxsize=16_384)
def _matcher_of(condition: Condition) -> Matcher:
    return matcher(condition.operator.name, condition.values)


@functools.lru_cache(maxsize=16_384)
def matcher(operator: str, values: tuple[str, ...]) -> Matcher:
    """Return what tells whether a request's value matches one of *values* by *operator*, which is not negated."""
    if operator in _TEXTS:
        patterns = tuple(_TEXTS[operator](value) for value in values)
        return lambda value: any(pattern.matches(value) for pattern in patterns)
    if operator == "binaryequals":
        return frozenset(values).__contains__
    if operator == "bool":
        wanted = frozenset(value.lower() for value in values)
        return lambda value: value.lower() in wanted
    if operator == "ipaddress":
        networks = tuple(networks_of(values))
        return lambda value: _within(value, networks)
    read: Callable[[str], float] = moment if operator.startswith("date") else number
    compare = _ORDER[operator.removeprefix("date").removeprefix("numeric")]

    return lambda value: any(_compared(read, compare, value, wanted) for wanted in values)


_TEXTS: Final[dict[str, Callable[[str], Pattern]]] = {
    "stringequals": literal,
    "stringequalsignorecase": lambda value: literal(value, fold=True),
    "stringlike": glob,
    "arnequals": arn_glob,
    "arnlike": arn_glob,
}
_ORDER: Final[dict[str, Callable[[float, float], bool]]] = {
    "equals": lambda a, b: a == b,
    "lessthan": lambda a, b: a < b,
    "lessthanequals": lambda a, b: a <= b,
    "greaterthan": lambda a, b: a > b,
    "greaterthanequals": lambda a, b: a >= b,
}


def _compared(read: Callable[[str], float], compare: Callable[[float, float], bool], value: str, wanted: str) -> bool:
    try:
        return compare(read(value), read(wanted))
    except (ValueError, OverflowError):
        return False


_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def number(text: str) -> float:
    """
    Return the number that *text* is.

    Raises:
        ValueError: It is none.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number")

    return float(text)


def moment(text: str) -> float:
    """
    Return the seconds since 1970 of *text*: ISO 8601, or those seconds.

    Raises:
        ValueError: It is neither.
    """
    try:
        return number(text)
    except ValueError:
        parsed = datetime.datetime.fromisoformat(text)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)).timestamp()


Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"


def networks_of(values: Iterable[str]) -> Iterator[Network]:
    """Yield the networks that *values* spell, without those that are none."""
    for value in values:
        network = _network(value)
        if network is not None:
            yield network


@functools.lru_cache(maxsize=4_096)
def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _within(value: str, networks: Iterable[Network]) -> bool:
    address = _address(value)
    return address is not None and any(address in network for network in networks)


@functools.lru_cache(maxsize=4_096)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
