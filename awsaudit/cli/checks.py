"""
``awsaudit checks``.
"""

from __future__ import annotations

import json
import sys

from typing import Any

import click

from awsaudit.cli.command import verb
from awsaudit.cli.index import Entry, described, installed
from awsaudit.cli.terminal import STYLES, colored, columns, hanging, out
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
    known = described(load_checks(config.checks_from)) if config.checks_from else installed()
    selected = config.selection.of(known)
    if format == "json":
        out(json.dumps([_plain(check) for check in selected], indent=2) + "\n")
        return
    id_width = max(len(check.id) for check in selected)
    width, color = columns(sys.stdout), colored(sys.stdout, config.color)
    text = "".join(_row(check, id_width, width) for check in selected)
    out(text if color else click.unstyle(text))


def _plain(check: Entry) -> dict[str, Any]:
    return {
        "id": check.id,
        "severity": str(check.severity),
        "title": check.title,
        "service": check.service,
        "resource_types": list(check.resource_types),
        "equivalents": list(check.equivalents),
    }


_LEAST_ROOM = 24
_BELOW = 4


def _row(check: Entry, id_width: int, width: int | None) -> str:
    """Return the line of *check*; a title that is too long goes on below itself, and below the id where that is narrow."""
    severity = click.style(f"{check.severity!s:<8}", **STYLES[check.severity])
    indent = id_width + 12
    if width is not None and width - indent < _LEAST_ROOM:
        return f"{check.id:<{id_width}}  {severity}\n{' ' * _BELOW}{hanging(check.title, _BELOW, width)}\n"

    return f"{check.id:<{id_width}}  {severity}  {hanging(check.title, indent, width)}\n"
