"""
``awsaudit explain``.
"""

from __future__ import annotations

import json
import sys
import textwrap

from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

from awsaudit.check import Check, Option
from awsaudit.cli import complete
from awsaudit.cli.command import verb
from awsaudit.cli.index import Entry, described, installed
from awsaudit.cli.terminal import STYLES, colored, columns, out
from awsaudit.config import Config
from awsaudit.plan import plan
from awsaudit.plugins import load_checks
from awsaudit.selection import foreign_ids, unknown


@verb(
    click.Argument(["check"], shell_complete=complete.CHECKS),
    click.Option(["-f", "--format"], type=click.Choice(("text", "json")), default="text", help="How to print it."),
    settings=("checks-from",),
)
def explain(config: Config, check: str, format: str) -> None:  # noqa: A002 - the flag's name
    """
    Say what CHECK looks for, why, how to mend it, and which permissions it needs.

    CHECK is an id, or the id of another tool's check on the same subject.
    """
    known = described(load_checks(config.checks_from)) if config.checks_from else installed()
    found = [(entry, entry.load()) for entry in _named(check, known)]
    if format == "json":
        out(json.dumps([_plain(*pair) for pair in found], indent=2) + "\n")
        return
    color = colored(sys.stdout, config.color)
    width = min(columns(sys.stdout) or 100, 100)
    texts = (text if color else click.unstyle(text) for text in (_text(*pair, width) for pair in found))
    out("\n\n".join(texts))


def _named(name: str, known: Mapping[str, Entry]) -> list[Entry]:
    """Return the check called *name*, or those that are equivalent to another tool's."""
    found = [known[name]] if name in known else [c for c in known.values() if name in foreign_ids(c)]
    if not found:
        raise unknown("check", name, {*known, *(id_ for c in known.values() for id_ in foreign_ids(c))})

    return found


def _text(entry: Entry, check: Check[Any], width: int) -> str:
    lines = [
        f"{click.style(check.id, bold=True)}  {click.style(str(check.severity), **STYLES[check.severity])}",
        *textwrap.wrap(check.title, width),
        "",
        *_paragraphs(check.rationale, width, "  "),
        "",
        click.style("Fix", bold=True),
        *_paragraphs(check.remediation.text, width, "  "),
        *_block(check.remediation.cli),
        *_block(check.remediation.terraform),
        "",
        f"  {check.remediation.url}",
        "",
        *_facts(entry, check, width),
    ]

    return "\n".join(lines) + "\n"


def _paragraphs(text: str, width: int, indent: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ""
        yield from textwrap.wrap(
            " ".join(paragraph.split()), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )


def _block(code: str | None) -> Iterator[str]:
    """Yield *code* as it is: what is to be copied is not wrapped."""
    if code:
        yield ""
        yield from (f"    {line}".rstrip() for line in code.splitlines())


def _facts(entry: Entry, check: Check[Any], width: int) -> Iterator[str]:
    rows = {
        "Judges": [kind.type for kind in check.resources],
        "Options": [_option(option) for option in check.options],
        "Permissions": plan([check]).actions(),
        "Frameworks": [f"{name} {', '.join(reqs)}" for name, reqs in entry.frameworks.items()],
        "Equivalents": check.equivalents,
    }
    for name, values in rows.items():
        label = click.style(f"{name:<13}", bold=True)
        for number, value in enumerate(values):
            wrapped = textwrap.wrap(value, max(width - 13, 20), break_on_hyphens=False, break_long_words=False)
            for row, text in enumerate(wrapped):
                yield f"{label if not number and not row else ' ' * 13}{text}"


_TYPES: Final = {tuple: "list of texts", str: "text", int: "whole number", float: "number", bool: "true or false"}


def _option(option: Option) -> str:
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    return f"{option.name} = {json.dumps(default)} ({_TYPES.get(option.type, option.type.__name__)})"


def _plain(entry: Entry, check: Check[Any]) -> dict[str, Any]:
    return {
        "id": check.id,
        "title": check.title,
        "severity": str(check.severity),
        "service": check.service,
        "resource_types": [kind.type for kind in check.resources],
        "rationale": check.rationale,
        "remediation": {
            "text": check.remediation.text,
            "cli": check.remediation.cli,
            "terraform": check.remediation.terraform,
            "url": check.remediation.url,
        },
        "options": [
            {"name": option.name, "type": _TYPES.get(option.type, option.type.__name__), "default": option.default}
            for option in check.options
        ],
        "permissions": list(plan([check]).actions()),
        "frameworks": {name: list(requirements) for name, requirements in entry.frameworks.items()},
        "equivalents": list(check.equivalents),
    }
