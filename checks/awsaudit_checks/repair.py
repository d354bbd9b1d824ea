"""Policies with one thing put right, as commands take them."""

from __future__ import annotations

import copy
import json

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from awsaudit.access import Opening, Statement
from awsaudit.access.pattern import glob


Document = Mapping[str, Any]


def statements_of(document: Document) -> list[dict[str, Any]]:
    """Return copies of the statements of *document*, in order."""
    found = document.get("Statement") or []
    return [copy.deepcopy(dict(s)) for s in (found if isinstance(found, list) else [found])]


def with_statements(document: Document, statements: Iterable[Document]) -> str | None:
    """Return *document* with other statements, as JSON text, those left out that speak of nobody or allow nothing; None if none are left."""
    kept = [s for s in statements if s.get("Principal") != {} and s.get("Action") != []]
    return json.dumps({**document, "Statement": kept}, separators=(",", ":")) if kept else None


def closed(document: Document, openings: Iterable[Opening], account: str) -> str | None:
    """
    Return *document* without the ways in for everybody that *openings* are, as JSON text.

    The account itself takes the place of everybody; where strangers come in through an AWS service only, the source has to be
    in the account.

    Args:
        document: The policy.

        openings: The ways in.

        account: The account's id.
    """
    changed = statements_of(document)
    for opening in openings:
        statement = changed[opening.statement.number - 1]
        if opening.service:
            _bind(statement, "StringEquals", "aws:SourceAccount", account)
        else:
            _own(statement, account)

    return with_statements(document, changed)


def without_strangers(
    document: Document, openings: Iterable[Opening], stale: Iterable[tuple[Statement, str]], account: str
) -> str | None:
    """
    Return *document* without the ways in that *openings* are, and without principals that were deleted, as JSON text.

    Who is named goes out of the statement, be it as principal or as one of several values of a condition; where the statement
    speaks of everybody, it is left for the account itself. Services that act for nobody else go out of it, too.

    Args:
        document: The policy.

        openings: The ways in.

        stale: The principals that were deleted, with their statements.

        account: The account's id.

    Returns:
        None where no statement is left.
    """
    changed = statements_of(document)
    for named_in, unique_id in stale:
        _drop(changed[named_in.number - 1], {unique_id})
    for opening in openings:
        statement = changed[opening.statement.number - 1]
        named = _named(opening)
        if opening.deputy:
            if not _drop_values(statement, _ids(opening)):
                statement["Principal"].pop("Service", None)
        elif named:
            _drop(statement, named)
        elif not _drop_values(statement, _ids(opening)):
            _own(statement, account)

    return with_statements(document, changed)


def bound(document: Document, conditions: Mapping[int, tuple[str, str, str]]) -> str | None:
    """
    Return *document* with one more condition on some statements, as JSON text.

    Args:
        document: The policy.

        conditions: Operator, key and value by the number of the statement, counted from 1.
    """
    changed = statements_of(document)
    for number, condition in conditions.items():
        _bind(changed[number - 1], *condition)

    return with_statements(document, changed)


def with_actions(document: Document, actions: Mapping[int, Collection[str]]) -> str | None:
    """
    Return *document* with other actions in some statements, as JSON text; a statement that is left without goes.

    Args:
        document: The policy.

        actions: The actions by the number of the statement, counted from 1.
    """
    return with_statements(document, limited(document, actions)["Statement"])


def limited(document: Document, actions: Mapping[int, Collection[str]]) -> Document:
    """Return *document* with other *actions* in some statements, and all statements in their places."""
    changed = statements_of(document)
    for number, kept in actions.items():
        changed[number - 1].pop("NotAction", None)
        changed[number - 1]["Action"] = list(kept)

    return {**document, "Statement": changed}


def set_apart(document: Document, apart: Mapping[int, Collection[str]], actions: Iterable[str]) -> str | None:
    """
    Return *document* with some principals moved into statements of their own, as JSON text.

    Args:
        document: The policy.

        apart: The entries of the Principal element by the number of the statement, counted from 1.

        actions: What the new statements allow.
    """
    changed = statements_of(document)
    for number, entries in apart.items():
        old = changed[number - 1]
        new = {**copy.deepcopy(old), "Principal": {"AWS": list(entries)}, "Action": list(actions)}
        new.pop("NotAction", None)
        changed.append({**new, "Sid": f"{old['Sid']} use"} if old.get("Sid") else new)
        _drop(old, entries)

    return with_statements(document, changed)


def narrowed(statement: Statement, unwanted: Collection[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """
    Return the actions that are left to *statement* without *unwanted* ones.

    Args:
        statement: The statement.

        unwanted: The actions that go, and with them every wildcard that stands for one.

        wanted: The actions that stay where a wildcard stood for them.
    """
    kept: list[str] = []
    for action in statement.actions:
        pattern = glob(action, fold=True)
        if not any(pattern.matches(each) for each in unwanted):
            kept.append(action)
    kept += [each for each in wanted if statement.is_about(each)]

    return tuple(dict.fromkeys(kept))


def quoted(**members: str | None) -> str:
    """Return a JSON object of *members* as commands take attributes; None becomes the empty text that unsets one."""
    return json.dumps({name: value or "" for name, value in members.items()})


def _own(statement: dict[str, Any], account: str) -> None:
    """Put the account in the place of everybody; whom the statement names besides stays."""
    principal = statement.get("Principal")
    named = dict(principal) if isinstance(principal, Mapping) else {}
    others = [each for each in _list(named.get("AWS")) if each not in {"*", account}]
    statement.pop("NotPrincipal", None)
    statement["Principal"] = {**named, "AWS": [account, *others] if others else account}


def _named(opening: Opening) -> set[str]:
    """Return the entries of the statement's Principal by which the opening's party gets in."""
    caller = opening.witness.principal
    return {
        entry.text
        for entry in opening.statement.principals or ()
        if (entry.account and entry.account == caller.account) or opening.who.endswith(f" {entry.text}")
    }


def _ids(opening: Opening) -> set[str]:
    source = opening.witness.context.known.get("aws:sourceaccount")
    found = {opening.account, opening.organization, opening.witness.principal.account, source}
    return {each for each in found if isinstance(each, str) and each}


def _drop(statement: dict[str, Any], unwanted: Collection[str]) -> None:
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        kept = {k: [e for e in _list(named) if e not in unwanted] for k, named in principal.items()}
        statement["Principal"] = {kind: named for kind, named in kept.items() if named}


def _drop_values(statement: dict[str, Any], ids: Collection[str]) -> bool:
    """Take values with *ids* in them out of conditions; False, and nothing done, where a condition would be left with none."""
    changed = copy.deepcopy(statement.get("Condition") or {})
    dropped = False
    for operator, lines in changed.items():
        for key, values in lines.items() if "not" not in operator.lower() else ():
            kept = [value for value in _list(values) if not any(id_ in str(value) for id_ in ids)]
            if not kept:
                return False
            dropped = dropped or len(kept) < len(_list(values))
            lines[key] = kept
    if dropped:
        statement["Condition"] = changed

    return dropped


def _bind(statement: dict[str, Any], operator: str, key: str, value: str) -> None:
    condition = dict(statement.get("Condition") or {})
    others = {k: v for k, v in condition.get(operator, {}).items() if k.lower() != key.lower()}
    statement["Condition"] = {**condition, operator: {**others, key: value}}


def _list(value: Any) -> list[Any]:
    if value is None:
        return []

    return value if isinstance(value, list) else [value]
