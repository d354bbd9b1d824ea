"""
``awsaudit scan --dry-run``: the calls of a scan, and where it is known, how many.
"""

from __future__ import annotations

import json

from collections.abc import Iterator

from attrs import frozen

from awsaudit.cli.terminal import out
from awsaudit.config import Config
from awsaudit.declare import Call, Kind, Scope, iam_actions
from awsaudit.errors import ConfigError
from awsaudit.gap import ASSUME
from awsaudit.plan import IDENTITY, REGIONS, Plan
from awsaudit.resources.organizations import ACCOUNTS


@frozen
class Line:
    """
    One call of the plan.

    Args:
        service: botocore's name of the service.

        operation: The API operation.

        times: How often it is made at least; None where that hangs on what there is.

        per: What it is made for each of.

        actions: The IAM actions that admit it.
    """

    service: str
    operation: str
    times: int | None
    per: str
    actions: tuple[str, ...]


def dry_run(plan: Plan, config: Config) -> None:
    """
    Print what a scan would ask.

    Raises:
        ConfigError: The plan has no such form.
    """
    if config.format not in {None, "table", "json"}:
        raise ConfigError(f"the plan has the forms table and json, not {config.format}")
    lines = list(dict.fromkeys(sorted(_lines(plan, config), key=lambda line: (line.service, line.operation, line.per))))
    if config.format == "json":
        out(json.dumps([_plain(line) for line in lines], indent=2) + "\n")
        return
    rows = [(line.service, line.operation, "" if line.times is None else str(line.times), line.per) for line in lines]
    out(_table([("SERVICE", "OPERATION", "CALLS", "MADE"), *rows]))
    known = sum(line.times or 0 for line in lines)
    open_ended = any(line.times is None for line in lines)
    checks = f"{_count(len(plan.checks), 'check')} of " if plan.checks else ""
    per_account = " in each account" if config.whose.several else ""
    out(
        f"\n{checks}{_count(len({line.service for line in lines}), 'service')}: "
        f"{known} calls{per_account}{', and those whose number hangs on what there is' if open_ended else ''}; nothing was sent\n"
    )


def _lines(plan: Plan, config: Config) -> Iterator[Line]:
    regions = _regions(config)
    yield _line("sts", IDENTITY, 1, "once")
    if config.org:
        yield _line("organizations", ACCOUNTS, None, "the organization")
    if config.whose.several:
        yield Line("sts", ASSUME, None, "each account", ("sts:AssumeRole",))
    if regions is None:
        yield _line("ec2", REGIONS, 1, "once")
    for kind, step in plan.steps.items():
        scoped = (1, "once") if kind.scope is Scope.GLOBAL else (regions, "each region")
        if kind.listing:
            times, per = scoped if kind.parent is None else (None, f"each {kind.parent.type}")
            yield _line(kind.service_of(kind.listing), kind.listing, times, per)
        for call in step.calls:
            times, per = scoped if kind.listing is None and kind.parent is None else (None, _each(kind, call))
            yield _line(kind.service_of(call), call, times, per)


def _each(kind: Kind, call: Call) -> str:
    return f"{call.batch.size} {kind.type} at once" if call.batch else f"each {kind.type}"


def _line(service: str, call: Call, times: int | None, per: str) -> Line:
    return Line(service, call.operation, times, per, iam_actions(service, call))


def _regions(config: Config) -> int | None:
    """Return how many regions are scanned; None where AWS has to be asked."""
    if not config.region or "all" in config.region:
        return None

    return len(set(config.region) - set(config.exclude_region))


def _plain(line: Line) -> dict[str, object]:
    return {
        "service": line.service,
        "operation": line.operation,
        "calls": line.times,
        "for": line.per,
        "actions": list(line.actions),
    }


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return "".join(
        f"{service:<{widths[0]}}  {operation:<{widths[1]}}  {times:>{widths[2]}}  {per}".rstrip() + "\n"
        for service, operation, times, per in rows
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
