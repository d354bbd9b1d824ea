"""
Makes typed values of the plain JSON values that evidence holds.

A parser takes one value and returns one value. It raises KeyError, TypeError or ValueError for what it cannot read, and
the fact becomes a gap: None is never a stand-in for something unreadable.
"""

from __future__ import annotations

import datetime
import json

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from awsaudit.declare import Parser, compiled
from awsaudit.gist import Gist
from awsaudit.projection import GIST, SECRET, SETTING, WHERE, WHOLE, Tree, merge, setting_of, tree_of
from awsaudit.secrets import Hit


T = TypeVar("T")


def text(value: Any) -> str:
    """Parse a string that AWS always returns."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")

    return value


def optional_text(value: Any) -> str | None:
    """Parse a string that AWS leaves out, or leaves empty, when unset."""
    return text(value) if value else None


def flag(value: Any) -> bool:
    """Parse a boolean; AWS leaves it out where it is false, or spells it "true", at times."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    raise ValueError(f"expected true or false, got {value!r}")


def optional_flag(value: Any) -> bool | None:
    """Parse a boolean whose absence is not the same as false."""
    return None if value is None else flag(value)


def integer(value: Any) -> int:
    """Parse a whole number, which AWS spells as a string at times."""
    return int(value)


def optional_integer(value: Any) -> int | None:
    """Parse a whole number that AWS leaves out when unset."""
    return None if value is None else int(value)


def number(value: Any) -> float:
    """Parse a number."""
    return float(value)


def moment(value: Any) -> datetime.datetime:
    """Parse a time: ISO 8601 text, or seconds since 1970. It is in UTC."""
    if isinstance(value, int | float):
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    parsed = datetime.datetime.fromisoformat(text(value))

    return parsed.astimezone(datetime.UTC) if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)


def optional_moment(value: Any) -> datetime.datetime | None:
    """Parse a time that AWS leaves out when unset."""
    return None if value is None else moment(value)


def texts(value: Any) -> tuple[str, ...]:
    """Parse a list of strings; AWS leaves it out when empty, or gives one string for a list of one."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)

    return tuple(text(item) for item in value)


def document(value: Any) -> Mapping[str, Any] | None:
    """Parse a JSON document, as text or parsed already; None if there is none."""
    if value is None or value == "":
        return None
    parsed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(parsed, dict):
        raise TypeError(f"expected a JSON object, got {type(parsed).__name__}")

    return parsed


def tags(value: Any) -> Mapping[str, str]:
    """Parse tags, either as a mapping or as a list of Key and Value."""
    if not value:
        return {}
    if isinstance(value, Mapping):
        return {str(k): str(v) for k, v in value.items()}
    pairs = ((_either(tag, "Key", "key"), _either(tag, "Value", "value")) for tag in value)

    return {str(k): str(v or "") for k, v in pairs}


def _either(tag: Mapping[str, Any], one: str, other: str) -> Any:
    return tag.get(one, tag.get(other))


def secret_hits(value: Any) -> tuple[Hit, ...]:
    """Parse what the secret detectors said of a sensitive value."""
    return tuple(hit for item in value or () for hit in _hits(item))


def _hits(item: Any) -> Iterable[Hit]:
    # A sensitive value below a list arrives as a list of lists.
    return (hit for below in item for hit in _hits(below)) if isinstance(item, list) else (Hit.from_json(item),)


class record(Generic[T]):  # noqa: N801 - it reads as a parser beside the others
    """
    Parse a structure into a value of our own.

    Args:
        make: Called with the parsed fields by name.

        fields: A JMESPath into the structure and its parser, for each argument of *make*; a lone path is `optional_text`.

    Example:
        ``record(Rule, protocol=("IpProtocol", text), group="GroupId")``
    """

    def __init__(self, make: Callable[..., T], **fields: tuple[str, Parser[Any]] | str) -> None:
        self.make = make
        self.fields = {n: (f, optional_text) if isinstance(f, str) else f for n, f in fields.items()}

    @property
    def tree(self) -> Tree:
        """What the record reads of its structure."""
        return merge(*(tree_of(path, parser_tree(parse)) for path, parse in self.fields.values()))

    def __call__(self, value: Any) -> T:
        """Return the record for *value*."""
        return self.make(**{n: parse(compiled(path).search(value)) for n, (path, parse) in self.fields.items()})


class many(Generic[T]):  # noqa: N801 - it reads as a parser beside the others
    """Parse a list, each item by *parse*; a list that AWS leaves out is empty."""

    def __init__(self, parse: Parser[T]) -> None:
        self.parse = parse

    @property
    def tree(self) -> Tree:
        """What is read of each item."""
        return parser_tree(self.parse)

    def __call__(self, value: Any) -> tuple[T, ...]:
        """Return the items of *value*."""
        if value is not None and not isinstance(value, list | tuple):
            raise TypeError(f"expected a list, got {type(value).__name__}")

        return tuple(self.parse(item) for item in value or ())


class optional(Generic[T]):  # noqa: N801 - it reads as a parser beside the others
    """Parse what AWS leaves out when unset: None, or *parse*'s value."""

    def __init__(self, parse: Parser[T]) -> None:
        self.parse = parse

    @property
    def tree(self) -> Tree:
        """What is read of the value."""
        return parser_tree(self.parse)

    def __call__(self, value: Any) -> T | None:
        """Return None or the parsed value."""
        return None if value is None else self.parse(value)


class setting(Generic[T]):  # noqa: N801 - it reads as a parser beside the others
    """
    Parse one top-level setting of a configuration text, JSON or YAML; nothing else of the text is kept.

    Args:
        name: The setting.

        parse: Its parser; it gets None where the text, or the setting in it, is missing.
    """

    def __init__(self, name: str, parse: Parser[T]) -> None:
        self.name = name
        self.parse = parse

    @property
    def tree(self) -> Tree:
        """What is kept of the text."""
        return SETTING + self.name

    def __call__(self, value: Any) -> T:
        """Return the setting's value."""
        return self.parse(json.loads(setting_of(value or "{}", self.name)).get(self.name))


class gist(Generic[T]):  # noqa: N801 - it reads as a parser beside the others
    """
    Parse a text that may hold secrets into what is made of its gist; nothing else of the text is kept.

    Args:
        make: Gets the gist; None where AWS leaves the text out.

        words: The words to look for; facts that read the same text ask for the same ones.
    """

    def __init__(self, make: Callable[[Gist | None], T], *words: str) -> None:
        self.make = make
        self.words = words

    @property
    def tree(self) -> Tree:
        """What is kept of the text."""
        return GIST + " ".join(self.words)

    def __call__(self, value: Any) -> T:
        """Return what is made of the text's gist."""
        return self.make(None if value is None else Gist.from_json(value))


class where(Generic[T]):  # noqa: N801 - it reads as a parser beside the others
    """
    Parse a structure that meets a condition; nothing of another one is kept, and its value is None.

    Args:
        condition: JMESPath over the structure.

        parse: Makes the value of the structure.
    """

    def __init__(self, condition: str, parse: Parser[T]) -> None:
        self.condition = condition
        self.parse = parse

    @property
    def tree(self) -> Tree:
        """What is kept: what the condition reads always, the rest where it holds."""
        return merge(tree_of(self.condition), {WHERE + self.condition: parser_tree(self.parse)})

    def __call__(self, value: Any) -> T | None:
        """Return None or the parsed value."""
        return self.parse(value) if compiled(self.condition).search(value) else None


def parser_tree(parse: Parser[Any]) -> Tree:
    """Return what *parse* reads of its value: everything, unless it says less."""
    tree: Tree = getattr(parse, "tree", WHOLE)
    return tree


def fact_tree(path: str, parse: Parser[Any], *, sensitive: bool) -> Tree:
    """Return what a fact reads of its call's result."""
    return tree_of(path, SECRET if sensitive else parser_tree(parse))
