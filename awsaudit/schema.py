"""
The JSON Schema of the native format, made of the same classes that the format is made of.

https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import collections.abc
import datetime
import inspect
import re
import types
import typing

from typing import Any, Final

import attrs

from awsaudit.change import Changes, Tally
from awsaudit.check import Finding, Hop, Severity, Status, Subject, Suppression
from awsaudit.gap import Gap, GapKind
from awsaudit.native import LEFT_OUT
from awsaudit.report import SCHEMA_VERSION, CheckInfo, Coverage, Part, Report, Shortfall


_DEFINED: Final = {
    CheckInfo: "check",
    Coverage: "coverage",
    Finding: "finding",
    Gap: "gap",
    Hop: "hop",
    Part: "part",
    Shortfall: "shortfall",
    Subject: "resource",
    Suppression: "suppression",
    Tally: "tally",
}
_PLAIN: Final[dict[type, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time", "pattern": "Z$"},
    Severity: {"enum": [str(severity) for severity in sorted(Severity, reverse=True)]},
    Status: {"enum": [status.value for status in Status]},
    GapKind: {"enum": [kind.value for kind in GapKind]},
}
_FINGERPRINT: Final = {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "What stays the same of a finding from one scan to the next.",
}


def _schema() -> dict[str, Any]:
    definitions = {name: _object(type_) for type_, name in _DEFINED.items()}
    finding = definitions["finding"]
    finding["properties"] = {"fingerprint": _FINGERPRINT, **finding["properties"]}
    finding["required"] = [name for name in finding["properties"] if name not in LEFT_OUT]
    findings = {"type": "array", "items": {"$ref": "#/$defs/finding"}, "description": _told(Report)["findings"]}
    checks = {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/check"},
        "description": _told(Report)["checks"],
    }
    top = {
        "schema_version": {"const": SCHEMA_VERSION, "description": "The version of this format."},
        "tool": _closed({"name": {"const": "awsaudit"}, "version": _described(str, Report, "tool_version")}),
        "scan": _closed(
            {
                "id": {"type": "string", "description": "What tells this scan from another."},
                **{
                    name: _described(_fields(Report)[name], Report, name)
                    for name in ("started", "finished", "accounts", "account_names", "partition", "regions", "narrowed")
                },
                "coverage": {"$ref": "#/$defs/coverage"},
            }
        ),
        "checks": checks,
        "findings": findings,
        "changes": _changes(),
        "trend": _described(_fields(Report)["trend"], Report, "trend"),
    }

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:awsaudit:report:{SCHEMA_VERSION}",
        "title": "Report of awsaudit",
        **_closed(top, optional=("changes", "trend")),
        "$defs": definitions,
    }


def _changes() -> dict[str, Any]:
    plain = _object(Changes)
    plain["properties"]["new"]["items"] = {"type": "string", "pattern": _FINGERPRINT["pattern"]}

    return plain


def _closed(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    # Members that a reader does not know are no error: later versions add some.
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _object(type_: type) -> dict[str, Any]:
    plain = _closed({name: _described(t, type_, name) for name, t in _fields(type_).items()})
    return {"description": _sentence(type_), **plain}


def _described(type_: Any, owner: type, name: str) -> dict[str, Any]:
    return {**_of(type_), "description": _told(owner)[name]}


def _of(type_: Any) -> dict[str, Any]:
    """Return the schema of the values that a type becomes."""
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in {typing.Union, types.UnionType}:
        (some,) = (t for t in arguments if t is not type(None))
        return {"anyOf": [_of(some), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0])}
    if origin is collections.abc.Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1])}

    return {"$ref": f"#/$defs/{_DEFINED[type_]}"} if type_ in _DEFINED else dict(_PLAIN[type_])


def _fields(type_: type) -> dict[str, Any]:
    hints = typing.get_type_hints(type_)
    return {field.name: hints[field.name] for field in attrs.fields(type_)}


def _sentence(type_: type) -> str:
    return (inspect.getdoc(type_) or "").partition("\n")[0]


def _told(type_: type) -> dict[str, str]:
    """Return what the docstring says of each field."""
    _, _, told = (inspect.getdoc(type_) or "").partition("Args:\n")
    found = re.findall(r"^    (\w+): ((?:.|\n(?! {4}\w|\n))+)", told, re.MULTILINE)

    # Descriptions are about JSON, not Python.
    return {name: " ".join(text.split()).replace("``", "`").replace("None", "null") for name, text in found}


SCHEMA: Final = _schema()
"""The schema, draft 2020-12, as plain JSON values."""
