"""
Which part of an answer is kept.

Answers hold far more than facts read: descriptions, inputs, values of variables. What no fact reads is dropped as the
answer arrives, and what may hold a secret is reduced to what the detectors say of it, so that neither evidence nor
snapshots nor reports ever hold it.

A *tree* says what to keep: a mapping from member name to tree, or `WHOLE`, or `SECRET`, or `SETTING` and the name of the
one setting to keep of a configuration text, or `GIST` and the words to look for in a text of which no more than its gist
is kept, or `ENDPOINT` for an address of which no more than `awsaudit.endpoint` says is kept, or `USER_DATA` or `WORDS` for
what hosts and containers are started with. In a mapping, `WHERE` and a condition stand before what is kept besides of a
structure that meets it. Lists are transparent.
Trees are derived from the JMESPath expressions of the declarations (https://jmespath.org/specification.html).
"""

from __future__ import annotations

import datetime
import functools
import json
import re
import textwrap

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import jmespath

from awsaudit.detection import PLAIN, Detection
from awsaudit.endpoint import ENDPOINT, endpoint_of
from awsaudit.errors import DeclarationError
from awsaudit.user_data import USER_DATA, WORDS


Tree: TypeAlias = "dict[str, Tree] | str"

WHOLE: Final = "whole"
SECRET: Final = "secret"  # noqa: S105 - a marker, not a password
SETTING: Final = "setting:"
GIST: Final = "gist:"
WHERE: Final = "where:"
NOTHING: Final[dict[str, Tree]] = {}


def tree_of(expression: str, wanted: Tree = WHOLE) -> Tree:
    """
    Return what *expression* reads of the value it is applied to.

    Args:
        expression: A JMESPath expression.

        wanted: What is read of the expression's result in turn.
    """
    return _walk(_parse(expression), wanted)


@functools.cache
def _parse(expression: str) -> dict[str, Any]:
    parsed: dict[str, Any] = jmespath.compile(expression).parsed
    return parsed


def _walk(node: dict[str, Any], wanted: Tree) -> Tree:
    walk = _WALKS.get(node["type"])
    if walk is None:
        raise DeclarationError(f"a JMESPath {node['type']} has no use in a declaration")

    return walk(node, node["children"], wanted)


def _field(node: dict[str, Any], _: list[Any], wanted: Tree) -> Tree:
    return {node["value"]: wanted}


def _same(_: dict[str, Any], __: list[Any], wanted: Tree) -> Tree:
    return wanted


def _chain(_: dict[str, Any], children: list[Any], wanted: Tree) -> Tree:
    for child in reversed(children):
        wanted = _walk(child, wanted)

    return wanted


def _filtered(_: dict[str, Any], children: list[Any], wanted: Tree) -> Tree:
    left, right, condition = children
    return _walk(left, merge(_walk(right, wanted), _walk(condition, WHOLE)))


def _each_value(_: dict[str, Any], children: list[Any], __: Tree) -> Tree:
    return _walk(children[0], WHOLE)


def _all_whole(_: dict[str, Any], children: list[Any], __: Tree) -> Tree:
    return merge(*(_walk(child, WHOLE) for child in children))


def _either(_: dict[str, Any], children: list[Any], wanted: Tree) -> Tree:
    return merge(*(_walk(child, wanted) for child in children))


def _hash(_: dict[str, Any], children: list[Any], wanted: Tree) -> Tree:
    pairs = [(pair["value"], pair["children"][0]) for pair in children]
    if isinstance(wanted, str):
        return merge(*(_walk(value, wanted) for _, value in pairs))

    return merge(*(_walk(value, wanted[key]) for key, value in pairs if key in wanted))


def _nothing(_: dict[str, Any], __: list[Any], ___: Tree) -> Tree:
    return NOTHING


_WALKS: Mapping[str, Callable[[dict[str, Any], list[Any], Tree], Tree]] = {
    "field": _field,
    "current": _same,
    "identity": _same,
    "index": _same,
    "slice": _same,
    "subexpression": _chain,
    "index_expression": _chain,
    "projection": _chain,
    "flatten": _chain,
    "pipe": _chain,
    "filter_projection": _filtered,
    "value_projection": _each_value,
    "comparator": _all_whole,
    "not_expression": _all_whole,
    "function_expression": _all_whole,
    # Functions apply it to another argument, which is kept whole.
    "expref": _nothing,
    "multi_select_list": _all_whole,
    "or_expression": _either,
    "and_expression": _either,
    "multi_select_dict": _hash,
    "literal": _nothing,
}


def merge(*trees: Tree) -> Tree:
    """
    Return the tree that keeps what any of *trees* keeps.

    Raises:
        DeclarationError: One keeps a value that another declares as sensitive.
    """
    merged: Tree = NOTHING
    for tree in trees:
        merged = _merge(merged, tree)

    return merged


def _merge(one: Tree, other: Tree) -> Tree:
    if one in (NOTHING, other):
        return other
    if other == NOTHING:
        return one
    if _is_sensitive(one) or _is_sensitive(other):
        raise DeclarationError("one fact reads whole what another declares as sensitive")
    if isinstance(one, str) or isinstance(other, str):
        _refuse_secrets(other if isinstance(one, str) else one)
        return WHOLE

    return one | {key: _merge(one.get(key, NOTHING), tree) for key, tree in other.items()}


def _refuse_secrets(tree: Tree) -> None:
    if _is_sensitive(tree):
        raise DeclarationError("one fact reads whole what another declares as sensitive")
    if isinstance(tree, dict):
        if any(key.startswith(WHERE) for key in tree):
            raise DeclarationError("one fact reads whole what another keeps on a condition only")
        for below in tree.values():
            _refuse_secrets(below)


def covers(kept: Tree, needed: Tree) -> bool:
    """Tell whether evidence reduced to *kept* still holds all of *needed*."""
    if kept == WHOLE or needed == NOTHING:
        return needed == NOTHING or not _has_sensitive(needed)
    if isinstance(kept, str) or isinstance(needed, str):
        return kept == needed

    return all(key in kept and covers(kept[key], tree) for key, tree in needed.items())


def has_secret(tree: Tree) -> bool:
    """Tell whether *tree* keeps what the secret detectors say of a value."""
    if isinstance(tree, str):
        return tree in {SECRET, USER_DATA, WORDS} or tree.startswith(GIST)

    return any(map(has_secret, tree.values()))


def _has_sensitive(tree: Tree) -> bool:
    return _is_sensitive(tree) if isinstance(tree, str) else any(map(_has_sensitive, tree.values()))


def _is_sensitive(tree: Tree) -> bool:
    return isinstance(tree, str) and (tree == ENDPOINT or has_secret(tree))


def project(tree: Tree, value: Any, name: str = "", *, detection: Detection = PLAIN) -> Any:
    """
    Return what *tree* keeps of *value*, as plain JSON values; times become ISO 8601 text in UTC.

    Args:
        tree: What to keep.

        value: A value out of a botocore answer.

        name: What the value is called, for the secret detectors.

        detection: The secret detectors.
    """
    if tree == SECRET and value is not None:
        return detection.hits(value, name)
    if tree == WORDS and value is not None:
        return detection.words(value, name)
    if isinstance(tree, str) and isinstance(value, str) and tree != WHOLE:
        return _reduced(tree, value, name, detection)
    if isinstance(value, Mapping):
        kept = dict.fromkeys(value, WHOLE) if isinstance(tree, str) else _kept_of(tree, value)
        return {
            str(key): project(below, value[key], _called(key, value), detection=detection)
            for key, below in kept.items()
            if key in value
        }
    if isinstance(value, list | tuple):
        return [project(tree, item, name, detection=detection) for item in value]

    return _plain(value) if tree == WHOLE else None


def _reduced(tree: str, text: str, name: str, detection: Detection) -> Any:
    """Return what is kept of *text*."""
    if tree == ENDPOINT:
        return endpoint_of(text).as_json()
    if tree == USER_DATA:
        return detection.user_data(text, name)
    if tree.startswith(GIST):
        return detection.gist(text, name, tree.removeprefix(GIST).split())

    return setting_of(text, tree.removeprefix(SETTING)) if tree.startswith(SETTING) else None


def _called(key: str, value: Mapping[str, Any]) -> str:
    """Return what *key* of *value* is called; the value of a variable is called as the variable is."""
    beside = value.get(_LABELS.get(key, ""))
    return beside if isinstance(beside, str) else key


_LABELS: Final = {
    "value": "name",
    "Value": "Name",
    "OutputValue": "OutputKey",
    "ParameterValue": "ParameterKey",
    "ResolvedValue": "ParameterKey",
}


def _kept_of(tree: dict[str, Tree], value: Mapping[str, Any]) -> dict[str, Tree]:
    """Return *tree* without its conditions: with what is kept where they hold of *value*."""
    conditions = [key for key in tree if key.startswith(WHERE)]
    if not conditions:
        return tree
    met = (tree[key] for key in conditions if _compiled(key.removeprefix(WHERE)).search(value))
    kept = merge({key: below for key, below in tree.items() if key not in conditions}, *met)

    return kept if isinstance(kept, dict) else dict.fromkeys(value, kept)


@functools.cache
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        utc = value.astimezone(datetime.UTC) if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return utc.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")

    return value


_UNREADABLE: Final = "{unreadable"
_YAML_NOISE = re.compile(r"^\s*(#.*|---.*)?$\n?", re.MULTILINE)


def setting_of(text: str, name: str) -> str:
    """
    Return *text*, a JSON or YAML mapping, as JSON without anything but its top-level scalar *name*.

    What is neither JSON nor a YAML block mapping becomes a text that is not JSON. Doing it twice changes nothing.
    """
    try:
        parsed = json.loads(text)
    except ValueError:
        return _yaml_setting_of(text, name)
    value = parsed.get(name) if isinstance(parsed, dict) else _UNREADABLE
    if isinstance(value, bool | int | float) or (isinstance(value, str) and value != _UNREADABLE):
        return json.dumps({name: value})

    return "{}" if value is None else _UNREADABLE


def _yaml_setting_of(text: str, name: str) -> str:
    # No YAML parser for one flag: block mappings are read line by line, flow mappings, tags and anchors not at all.
    block = textwrap.dedent(_YAML_NOISE.sub("", text))
    if block and not re.match(r"""["']?[\w.-]+["']?\s*:(\s|$)""", block):
        return _UNREADABLE
    line = re.search(rf"""^["']?{re.escape(name)}["']?\s*:[ \t]*(.*)$""", block, re.MULTILINE)
    if line is None:
        return "{}"
    scalar = re.fullmatch(r"""(["']?)([\w.-]+)\1\s*(#.*)?""", line[1].strip())

    return json.dumps({name: scalar[2]}) if scalar else _UNREADABLE
