"""Policies with one thing put right, as commands take them."""

from __future__ import annotations

import copy
import json

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from awsaudit.access import Opening


Document = Mapping[str, Any]


def statements_of(document: Document) -> list[dict[str, Any]]:
    """Return copies of the statements of *document*, in order."""
    found = document.get("Statement") or []
    return [copy.deepcopy(dict(s)) for s in (found if isinstance(found, list) else [found])]


def with_statements(document: Document, statements: Iterable[Document]) -> str | None:
    """Return *document* with other statements, as JSON text; None if there are none left."""
    kept = list(statements)
    return json.dumps({**document, "Statement": kept}, separators=(",", ":")) if kept else None


def for_own_account(document: Document, numbers: Collection[int], account: str) -> str:
    """
    Return *document* with the account itself in place of whom some statements name, as JSON text.

    Args:
        document: The policy.

        numbers: The statements, counted from 1.

        account: The account's id.
    """
    changed = statements_of(document)
    for number in numbers:
        statement = changed[number - 1]
        statement.pop("NotPrincipal", None)
        statement["Principal"] = {"AWS": account}

    return json.dumps({**document, "Statement": changed}, separators=(",", ":"))


def without_principals(document: Document, number: int, unwanted: Collection[str]) -> str | None:
    """
    Return *document* without some principals of a statement, and without the statement where none is left, as JSON text.

    Args:
        document: The policy.

        number: The statement, counted from 1.

        unwanted: The entries of its Principal element that go.

    Returns:
        None where no statement is left.
    """
    changed = statements_of(document)
    statement = changed[number - 1]
    principal = statement.get("Principal")
    kept: dict[str, Any] = {}
    if isinstance(principal, Mapping):
        for kind, named in principal.items():
            rest = [each for each in (named if isinstance(named, list) else [named]) if each not in unwanted]
            if rest:
                kept[kind] = rest
    if kept:
        statement["Principal"] = kept
    else:
        del changed[number - 1]

    return with_statements(document, changed)


def without_outsider(document: Document, opening: Opening, account: str) -> str | None:
    """
    Return *document* without the way in that *opening* is, as JSON text.

    Who is named goes out of the statement; where it speaks of everybody under a condition, it is left for the account itself.

    Args:
        document: The policy.

        opening: The way in.

        account: The account's id.

    Returns:
        None where no statement is left.
    """
    named = {e.text for e in opening.statement.principals or () if opening.account and e.account == opening.account}
    named |= {e.text for e in opening.statement.principals or () if opening.who.endswith(f" {e.text}")}
    if named:
        return without_principals(document, opening.statement.number, named)

    return for_own_account(document, [opening.statement.number], account)


def quoted(**members: str | None) -> str:
    """Return a JSON object of *members* as commands take attributes; None becomes the empty text that unsets one."""
    return json.dumps({name: value or "" for name, value in members.items()})
