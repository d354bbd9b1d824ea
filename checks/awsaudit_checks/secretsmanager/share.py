"""Whom the resource policy of a secret lets in."""

from __future__ import annotations

import re

from collections.abc import Iterator, Mapping
from typing import Any


_ACCOUNT = re.compile(r"(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?::.*)?")
_ORGANIZATION = {"aws:principalorgid", "aws:principalorgpaths"}
_CALLER = {"aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn"}


def admits_other_account(policy: Mapping[str, Any] | None, own: str) -> bool:
    """
    Tell whether *policy* plainly lets in another account than *own*: by its id, its organization, or as anybody.

    Anybody under a condition other than these counts as nobody else: the condition may be anything.
    """
    return any(_admits(statement, own) for statement in _list((policy or {}).get("Statement")))


def _admits(statement: Mapping[str, Any], own: str) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    named = set(_principals(statement.get("Principal")))
    if any(_is_foreign(principal, own) for principal in named):
        return True

    return "*" in named and _leaves_others(statement.get("Condition") or {}, own)


def _principals(principal: Any) -> Iterator[str]:
    if isinstance(principal, Mapping):
        yield from (str(each) for each in _list(principal.get("AWS")))
    elif principal == "*":
        yield "*"


def _leaves_others(condition: Mapping[str, Any], own: str) -> bool:
    keys = {key.lower(): _list(values) for block in condition.values() for key, values in block.items()}
    if not keys or keys.keys() & _ORGANIZATION:
        return True

    return any(_is_foreign(str(value), own) for key in keys.keys() & _CALLER for value in keys[key])


def _is_foreign(principal: str, own: str) -> bool:
    found = _ACCOUNT.fullmatch(principal)
    return found is not None and found[1] != own


def _list(value: Any) -> list[Any]:
    if value is None:
        return []

    return value if isinstance(value, list) else [value]
