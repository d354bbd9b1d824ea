"""
CloudWatch Logs' filter patterns over log events that are JSON: does an event match one.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

Answers are three-valued: the reference does not say everything, and a pattern for plain text sees the event's text, of which a
made-up event is no proof.
"""

from __future__ import annotations

import json
import re

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrs import frozen

from awsaudit.errors import PatternError


Test: TypeAlias = Callable[[Any], "bool | None"]


@frozen
class FilterPattern:
    """
    A filter pattern.

    Args:
        text: As AWS has it.

        test: From an event to whether it matches; None where that cannot be told.
    """

    text: str
    test: Test

    def matches(self, event: Mapping[str, Any]) -> bool | None:
        """Tell whether *event* matches; None where that cannot be told."""
        return self.test(event)


def parse_filter(text: str) -> FilterPattern:
    """
    Return the filter pattern *text*.

    Raises:
        PatternError: It is for JSON, and CloudWatch Logs would not take it; the message names the place.
    """
    bare = text.strip()
    if not bare:
        return FilterPattern(text, lambda _: True)
    if bare.startswith("{"):
        return FilterPattern(text, _Parser(bare).whole())
    if bare.startswith("["):
        # Columns of words between blanks, of which JSON has as many as there are blanks in its values.
        return FilterPattern(text, lambda _: None)

    return FilterPattern(text, _of_terms(bare))


_TERM: Final = re.compile(r'(?P<sign>[-?]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))')


def _of_terms(text: str) -> Test:
    terms = [(m["sign"], m["word"] if m["phrase"] is None else _unescaped(m["phrase"])) for m in _TERM.finditer(text)]
    needed = [word for sign, word in terms if not sign and not word.startswith("%")]
    choices = [word for sign, word in terms if sign == "?"]

    def test(event: Any) -> bool | None:
        line = json.dumps(event, separators=(",", ":"))
        if any(word not in line for word in needed) or (choices and not any(word in line for word in choices)):
            return False
        return None

    return test


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


_TOKEN: Final = re.compile(
    r"""(?ix)
    \s* (?:
      (?P<open> \( ) | (?P<close> \) ) | (?P<and> && ) | (?P<or> \|\| ) | (?P<end> \} )
    | (?P<selector> \$ (?: \.\* | \.? \[ [^\]]* \] | \. [\w@:-]+ )* )
    | (?P<state> NOT \s+ EXISTS? | EXISTS\b | IS \s+ (?:NOT\s+)? (?: NULL | TRUE | FALSE ) )
    | (?P<operator> != | >= | <= | = | > | < )
    | " (?P<quoted> (?: [^"\\] | \\. )* ) "
    | % (?P<regex> [^%]* ) %
    | (?P<word> [^\s()&|{}"=<>!]+ )
    )
    """
)
_STEP: Final = re.compile(r"""\.\*|\.?\[\s*(?:'([^']*)'|"([^"]*)"|(\*)|(\d+))\s*\]|\.([\w@:-]+)""")


class _Parser:
    """
    Reads ``{ … }``: comparisons, ``&&`` before ``||``, and parentheses.

    Args:
        text: The pattern, from its brace on.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 1
        self.kind, self.value, self.after = "", "", 1
        self._step()

    def whole(self) -> Test:
        test = self._either()
        if self.kind != "end" or self.text[self.after :].strip():
            self._refuse("the end is expected")

        return test

    def _step(self) -> None:
        self.at = self.after
        found = _TOKEN.match(self.text, self.at)
        if found is None or found.lastgroup is None:
            self._refuse(
                "the closing brace is missing" if not self.text[self.at :].strip() else "this is not understood"
            )
        else:
            self.kind, self.value, self.after = found.lastgroup, found[found.lastgroup], found.end()

    def _take(self, kind: str, what: str) -> str:
        if self.kind != kind:
            self._refuse(f"{what} is expected")
        value = self.value
        self._step()

        return value

    def _refuse(self, why: str) -> None:
        rest = self.text[self.at :].strip()
        raise PatternError(f"at {rest[:20]!r}: {why}")

    def _either(self) -> Test:
        tests = [self._both()]
        while self.kind == "or":
            self._step()
            tests.append(self._both())

        return _any_of(tests) if len(tests) > 1 else tests[0]

    def _both(self) -> Test:
        tests = [self._one()]
        while self.kind == "and":
            self._step()
            tests.append(self._one())

        return _all_of(tests) if len(tests) > 1 else tests[0]

    def _one(self) -> Test:
        if self.kind == "open":
            self._step()
            test = self._either()
            self._take("close", "a closing parenthesis")
            return test
        steps = _steps_of(self._take("selector", "a property such as $.eventName"))
        if self.kind == "state":
            state = " ".join(self.value.upper().split())
            self._step()
            return _has_state(steps, state)
        operator = self._take("operator", "an operator")

        return _compares(steps, operator, self._operand(operator))

    def _operand(self, operator: str) -> Callable[[Any], bool]:
        kind, value = self.kind, self.value
        if kind not in {"quoted", "regex", "word"}:
            self._refuse("a value is expected")
        if operator in _ORDERS:
            if _number(value) is None:
                self._refuse("a number is expected")
        elif kind == "regex":
            self._step()
            return _matches_regex(value)
        self._step()
        if operator in _ORDERS:
            return _is_ordered(_ORDERS[operator], _number(value) or 0.0)

        return _is_value(_unescaped(value) if kind == "quoted" else value, quoted=kind == "quoted")


_Step: TypeAlias = "str | int | None"


def _steps_of(selector: str) -> tuple[_Step, ...]:
    """Return the steps of *selector*: a member's name, an element's position, None for every one."""
    steps: list[_Step] = []
    at = 1
    while at < len(selector):
        found = _STEP.match(selector, at)
        if found is None:
            raise PatternError(f"at {selector[at:]!r}: this is no part of a property")
        name = next((found[n] for n in (1, 2, 5) if found[n] is not None), None)
        steps.append(int(found[4]) if found[4] else name)
        at = found.end()

    return tuple(steps)


_MISSING: Final = object()


def _found(event: Any, steps: tuple[_Step, ...]) -> Iterator[Any]:
    """Yield what *steps* lead to; what is missing is missing once."""
    if not steps:
        yield event
        return
    first, *rest = steps
    below = tuple(rest)
    if first is None and isinstance(event, Mapping | list):
        for value in event.values() if isinstance(event, Mapping) else event:
            yield from _found(value, below)
        return
    named = isinstance(first, str) and isinstance(event, Mapping) and first in event
    numbered = isinstance(first, int) and isinstance(event, list) and first < len(event)
    if named or numbered:
        yield from _found(event[first], below)
    else:
        yield _MISSING


def _all_of(tests: list[Test]) -> Test:
    def test(event: Any) -> bool | None:
        answers = [each(event) for each in tests]
        if False in answers:
            return False

        return None if None in answers else True

    return test


def _any_of(tests: list[Test]) -> Test:
    def test(event: Any) -> bool | None:
        answers = [each(event) for each in tests]
        if True in answers:
            return True

        return None if None in answers else False

    return test


def _has_state(steps: tuple[_Step, ...], state: str) -> Test:
    wanted: Final[Mapping[str, Any]] = {"NULL": None, "TRUE": True, "FALSE": False}
    word = state.rpartition(" ")[2]

    def test(event: Any) -> bool | None:
        values = [value for value in _found(event, steps) if value is not _MISSING]
        if word.startswith("EXIST"):
            return bool(values) != state.startswith("NOT")
        holds = any(value is wanted[word] for value in values)
        if " NOT " in state:
            return None if not values else not holds

        return holds

    return test


def _compares(steps: tuple[_Step, ...], operator: str, holds: Callable[[Any], bool]) -> Test:
    def test(event: Any) -> bool | None:
        values = list(_found(event, steps))
        there = [value for value in values if value is not _MISSING]
        if operator != "!=":
            return any(holds(value) for value in there)
        # Whether a property that is missing is unlike a value, the reference does not say.
        return any(not holds(value) for value in there) if there else None

    return test


_ORDERS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
}


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _is_ordered(order: Callable[[float, float], bool], bound: float) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        number = None if isinstance(value, str) else _number(value)
        return number is not None and order(number, bound)

    return holds


def _is_value(wanted: str, *, quoted: bool) -> Callable[[Any], bool]:
    """Return whether a value is *wanted*, a text in which ``*`` is a wildcard, or a number."""
    glob = re.compile(".*".join(map(re.escape, wanted.split("*"))), re.DOTALL)
    number = None if quoted else _number(wanted)

    def holds(value: Any) -> bool:
        if isinstance(value, str):
            return glob.fullmatch(value) is not None
        if isinstance(value, bool):
            return wanted == str(value).lower()

        return number is not None and _number(value) == number

    return holds


def _matches_regex(text: str) -> Callable[[Any], bool]:
    try:
        regex = re.compile(text, re.ASCII)
    except re.error:
        raise PatternError(f"at {text[:20]!r}: this is no regular expression") from None

    return lambda value: isinstance(value, str) and regex.search(value) is not None
