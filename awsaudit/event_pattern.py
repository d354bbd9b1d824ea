"""
EventBridge's event patterns: does an event match one.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html

Where the guide is silent, AWS's own matcher decides: https://github.com/aws/event-ruler
"""

from __future__ import annotations

import ipaddress
import itertools
import re

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from awsaudit.errors import PatternError


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """
    Tell whether *event* matches *pattern*.

    Args:
        pattern: The pattern, as the JSON object that it is.

        event: The event, likewise.

    Raises:
        PatternError: EventBridge would not take the pattern; the message names the place.
    """
    check_pattern(pattern)
    return _fields_match(pattern, event, "", frozenset(_leaves(event, "")))


def check_pattern(pattern: Any) -> None:
    """
    Look through *pattern* as EventBridge does when a rule is put.

    Raises:
        PatternError: EventBridge would not take it; the message names the place.
    """
    if not isinstance(pattern, Mapping):
        raise PatternError("the pattern: it must be an object")
    _check_fields(pattern, "", inside_or=False)


_OR: Final = "$or"
_ABSENT: Final = object()
# What may not be a field's name inside of $or, so that an operator there is told from one.
_RESERVED: Final = frozenset(
    {"exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr"}
    | {"=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"}
    | {"date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"}
    | {"ip-address-in-range", "ip-address-not-in-range"}
)


def _leaves(value: Any, path: str) -> Iterator[str]:
    """Yield the paths of the values that are not objects; of an array its elements count."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from _leaves(below, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for element in value:
            yield from _leaves(element, path)
    else:
        yield path


def _fields_match(fields: Mapping[str, Any], event: Any, path: str, leaves: frozenset[str]) -> bool:
    if isinstance(event, list | tuple):
        # Two fields never match by different elements of one array.
        objects: list[Any] = [e for e in event if isinstance(e, Mapping | list | tuple)]
        return any(_fields_match(fields, e, path, leaves) for e in objects or [_ABSENT])

    return all(_field_matches(name, wanted, event, path, leaves) for name, wanted in fields.items())


def _field_matches(name: str, wanted: Any, event: Any, path: str, leaves: frozenset[str]) -> bool:
    if name == _OR:
        return any(_fields_match(choice, event, path, leaves) for choice in wanted)
    value = event.get(name, _ABSENT) if isinstance(event, Mapping) else _ABSENT
    below = f"{path}.{name}"
    if isinstance(wanted, Mapping):
        return _fields_match(wanted, value, below, leaves)
    values = tuple(_elements(value))

    return any(_holds(condition, values, present=below in leaves) for condition in wanted)


def _elements(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for element in value:
            yield from _elements(element)
    elif value is not _ABSENT and not isinstance(value, Mapping):
        yield value


def _holds(condition: Any, values: tuple[Any, ...], *, present: bool) -> bool:
    if isinstance(condition, Mapping):
        (operator, operand), *_ = condition.items()
        if operator == "exists":
            return bool(values) if operand else not present

        return any(_OPERATORS[operator](operand, value) for value in values)

    return any(_equal(condition, value) for value in values)


def _equal(wanted: Any, value: Any) -> bool:
    # To EventBridge 300 and 300.0 are two things, and so are 1 and true.
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    return type(wanted) is type(value) and bool(wanted == value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _prefix(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        return isinstance(value, str) and value.lower().startswith(str(operand["equals-ignore-case"]).lower())

    return isinstance(value, str) and value.startswith(operand)


def _suffix(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        return isinstance(value, str) and value.lower().endswith(str(operand["equals-ignore-case"]).lower())

    return isinstance(value, str) and value.endswith(operand)


def _ignore_case(operand: Any, value: Any) -> bool:
    return isinstance(value, str) and value.lower() == str(operand).lower()


def _wildcard(operand: Any, value: Any) -> bool:
    parts = (".*" if part == "*" else re.escape(part.removeprefix("\\")) for part in _wildcard_parts(operand))
    return isinstance(value, str) and re.fullmatch("".join(parts), value, re.DOTALL) is not None


def _wildcard_parts(text: str) -> list[str]:
    return re.findall(r"\\.|.", text, re.DOTALL)


def _anything_but(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        ((operator, operands),) = operand.items()
        return not any(_OPERATORS[operator](one, value) for one in _listed(operands))

    return not any(_same(one, value) for one in _listed(operand))


def _same(wanted: Any, value: Any) -> bool:
    if _is_number(wanted):
        return _is_number(value) and bool(wanted == value)

    return _equal(wanted, value)


def _numeric(operand: Any, value: Any) -> bool:
    pairs = zip(operand[::2], operand[1::2], strict=True)
    return _is_number(value) and all(_COMPARISONS[sign](value, bound) for sign, bound in pairs)


def _cidr(operand: Any, value: Any) -> bool:
    try:
        return isinstance(value, str) and ipaddress.ip_address(value) in ipaddress.ip_network(operand, strict=False)
    except ValueError:
        return False


_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "exactly": _equal,
}


def _check_fields(fields: Mapping[str, Any], path: str, *, inside_or: bool) -> None:
    if not fields:
        raise PatternError(f"{_place(path)}: an empty object is not allowed")
    for name, wanted in fields.items():
        where = f"{path}.{name}"
        if name == _OR:
            _check_choices(wanted, path, where)
        elif inside_or and name in _RESERVED:
            raise PatternError(f"{_place(where)}: inside of $or no field may be called so")
        elif isinstance(wanted, Mapping):
            _check_fields(wanted, where, inside_or=inside_or)
        elif isinstance(wanted, list | tuple):
            _check_conditions(wanted, where)
        else:
            raise PatternError(f"{_place(where)}: it must be an object or an array")


def _check_choices(choices: Any, path: str, where: str) -> None:
    if not isinstance(choices, list | tuple) or len(choices) < 2:  # noqa: PLR2004 - a choice is between two
        raise PatternError(f"{_place(where)}: it must be an array of two objects or more")
    for choice in choices:
        if not isinstance(choice, Mapping):
            raise PatternError(f"{_place(where)}: only objects are allowed")
        _check_fields(choice, path, inside_or=True)


def _check_conditions(conditions: Sequence[Any], where: str) -> None:
    if not conditions:
        raise PatternError(f"{_place(where)}: an empty array is not allowed")
    for condition in conditions:
        if isinstance(condition, list | tuple):
            raise PatternError(f"{_place(where)}: an array inside of an array is not allowed")
        if isinstance(condition, Mapping):
            _check_condition(condition, where)


def _check_condition(condition: Mapping[str, Any], where: str) -> None:
    if len(condition) != 1:
        raise PatternError(f"{_place(where)}: a comparison has one operator, not {len(condition)}")
    ((operator, operand),) = condition.items()
    if operator != "exists" and operator not in _OPERATORS:
        raise PatternError(f"{_place(where)}: there is no operator {operator}")
    wrong = _CHECKS[operator](operand)
    if wrong:
        raise PatternError(f"{_place(f'{where}.{operator}')}: {wrong}")


def _place(path: str) -> str:
    return path.removeprefix(".") or "the pattern"


# What is wrong with an operand; None for nothing.


def _wrong_text(operand: Any) -> str | None:
    return None if isinstance(operand, str) else "it must be a text"


def _wrong_affix(operand: Any) -> str | None:
    if isinstance(operand, Mapping):
        if [*operand] != ["equals-ignore-case"]:
            return "only equals-ignore-case may stand below"
        return _wrong_text(operand["equals-ignore-case"])

    return _wrong_text(operand)


def _wrong_wildcard(operand: Any) -> str | None:
    if not isinstance(operand, str):
        return "it must be a text"
    parts = _wildcard_parts(operand)
    if any(part.startswith("\\") and part not in {"\\*", "\\\\"} for part in parts):
        return "a backslash stands before * or another backslash only"
    if any(first == second == "*" for first, second in itertools.pairwise(parts)):
        return "two * in a row are not allowed"

    return None


def _wrong_exception(operand: Any) -> str | None:
    if isinstance(operand, Mapping):
        return _wrong_excepted(operand)
    values = _listed(operand)
    numbers = sum(_is_number(value) for value in values)
    if not values or (numbers != len(values) and not all(isinstance(value, str) for value in values)):
        return "it must be a text, a number, or an array of either"

    return None


def _wrong_excepted(operand: Mapping[str, Any]) -> str | None:
    if len(operand) != 1 or next(iter(operand)) not in {"prefix", "suffix", "equals-ignore-case", "wildcard"}:
        return "only prefix, suffix, equals-ignore-case or wildcard may stand below"
    ((operator, operands),) = operand.items()
    values = _listed(operands)
    if not values:
        return "an empty array is not allowed"
    if operator in {"prefix", "suffix"} and "" in values:
        return f"an empty {operator} is not allowed"
    check = _wrong_wildcard if operator == "wildcard" else _wrong_text

    return next(filter(None, map(check, values)), None)


_MOST: Final = 5e9


def _wrong_numbers(operand: Any) -> str | None:
    if not isinstance(operand, list | tuple) or len(operand) not in {2, 4}:
        return "it must be an array of an operator and a number, once or twice"
    signs, bounds = operand[::2], operand[1::2]
    if not all(isinstance(sign, str) and sign in _COMPARISONS for sign in signs):
        return "the operators are =, <, <=, > and >="
    if not all(_is_number(bound) and abs(bound) <= _MOST for bound in bounds):
        return "numbers lie between -5.0e9 and 5.0e9"
    if len(signs) > 1:
        if not (signs[0].startswith(">") and signs[1].startswith("<")):
            return "a range has its lower end first and its upper end second"
        if bounds[0] >= bounds[1]:
            return "the lower end is not below the upper end"

    return None


def _wrong_flag(operand: Any) -> str | None:
    return None if isinstance(operand, bool) else "it must be true or false"


def _wrong_network(operand: Any) -> str | None:
    try:
        ipaddress.ip_network(operand, strict=False)
    except ValueError:
        return "it must be a network in CIDR form"

    return None if isinstance(operand, str) else "it must be a text"


_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "prefix": _wrong_affix,
    "suffix": _wrong_affix,
    "equals-ignore-case": _wrong_text,
    "wildcard": _wrong_wildcard,
    "anything-but": _wrong_exception,
    "numeric": _wrong_numbers,
    "cidr": _wrong_network,
    "exactly": _wrong_text,
    "exists": _wrong_flag,
}
