"""
``awsaudit checks``.
"""

from __future__ import annotations

import json
import sys

from typing import Any

import click

from awsaudit.cli.command import verb
from awsaudit.cli.index import Entry, installed
from awsaudit.cli.terminal import columns, out
from awsaudit.config import SELECT, Config
from awsaudit.plugins import load_checks


_FORMATS = ("table", "json")


@verb(
    click.Option(["-f", "--format"], type=click.Choice(_FORMATS), default="table", help="How to print the list."),
    sections=(SELECT,),
    without=("tag", "resource"),
)
def checks(config: Config, format: str) -> None:  # noqa: A002 - the flag's name
    """List the checks; the flags select as they do in a scan."""
    known = {c.id: Entry.of(c) for c in load_checks(config.checks_from).values()} if config.checks_from else installed()
    selected = config.selection.of(known)
    if format == "json":
        out(json.dumps([_plain(check) for check in selected], indent=2) + "\n")
        return
    id_width = max(len(check.id) for check in selected)
    width = columns(sys.stdout)
    for check in selected:
        out(_fitting(f"{check.id:<{id_width}}  {check.severity!s:<8}  {check.title}", width) + "\n")


def _plain(check: Entry) -> dict[str, Any]:
    return {
        "id": check.id,
        "severity": str(check.severity),
        "title": check.title,
        "service": check.service,
        "resource_types": list(check.resource_types),
        "equivalents": list(check.equivalents),
    }


def _fitting(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: width - 1]}…"
