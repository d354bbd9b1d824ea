"""
What the shell offers to complete.

It is asked at every press of a key: nothing here imports boto3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import click

from awsaudit.errors import AuditError


def _from(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """Return click's completion function for *names*; the part after the last comma is completed."""

    def candidates(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        del ctx, param
        done, comma, start = incomplete.rpartition(",")
        try:
            return [f"{done}{comma}{name}" for name in sorted(names()) if name.startswith(start)]
        except AuditError:
            return []

    return candidates


def check_ids() -> Iterable[str]:
    """Return the ids of the installed checks."""
    from awsaudit.cli.index import installed  # noqa: PLC0415 - only needed here

    return installed()


def services() -> Iterable[str]:
    """Return the services that have checks."""
    return {id_.partition("-")[0] for id_ in check_ids()}


def frameworks() -> Iterable[str]:
    """Return the ids of the installed frameworks."""
    from awsaudit.framework import frameworks as installed  # noqa: PLC0415 - it reads their files

    return installed()


def formats() -> Iterable[str]:
    """Return the names of the installed report formats."""
    from awsaudit.plugins import load_formats  # noqa: PLC0415 - it reads the metadata of all packages

    return load_formats()


def regions() -> Iterable[str]:
    """Return all regions of all partitions, out of botocore's data but without importing it."""
    import json  # noqa: PLC0415 - only needed here

    from importlib.util import find_spec  # noqa: PLC0415 - only needed here
    from pathlib import Path  # noqa: PLC0415 - only needed here

    spec = find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        return ()
    file = Path(spec.submodule_search_locations[0]) / "data" / "partitions.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    names = {name for partition in data["partitions"] for name in partition["regions"]}

    return {name for name in names if not name.endswith("-global")} | {"all"}


def gates() -> Iterable[str]:
    """Return what `--fail-on` takes."""
    from awsaudit.config import NEW, SEVERITIES  # noqa: PLC0415 - only needed here

    return (*SEVERITIES, NEW, *(f"{NEW}:{severity}" for severity in SEVERITIES))


CHECKS: Final = _from(check_ids)

CANDIDATES: Final[dict[str, Callable[..., Any]]] = {
    "check": CHECKS,
    "skip": CHECKS,
    "service": _from(services),
    "framework": _from(frameworks),
    "region": _from(regions),
    "exclude-region": _from(regions),
    "format": _from(formats),
    "fail-on": _from(gates),
}
"""What completes the values of settings, by the setting's name."""
