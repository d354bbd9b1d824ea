"""
The figures above the list: what to mend first, what failed in which service, and how it went from scan to scan.
"""

from __future__ import annotations

import datetime

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Finding, Report, Severity
from awsaudit.change import Tally
from awsaudit_reports.escape import visible


FIRST: Final = 10
"""How many checks are named to mend first."""

SERVICES: Final = 10
"""How many services have a bar; the rest are counted."""

RUNS: Final = 30
"""How many scans have a column, the last ones."""

FEWEST_RUNS: Final = 3
HEIGHT: Final = 128
"""How high the highest column is, in pixels."""

_STEP: Final = 4
_WORST_FIRST: Final = tuple(sorted(Severity, reverse=True))


@frozen
class Tile:
    """
    How much failed with one severity.

    Args:
        severity: The severity.

        findings: How many findings failed.

        checks: How many checks they are of.

        new: How many of them the baseline does not have; None without a baseline.

        fixed: How many of the baseline's failures are gone; None without a baseline.
    """

    severity: Severity
    findings: int
    checks: int
    new: int | None
    fixed: int | None


@frozen
class Failed:
    """
    How much failed of one check.

    Args:
        severity: The worst severity of a failure.

        title: The good state.

        id: The check.

        findings: How many findings failed.

        weight: What mending them would bring, see `weight`.
    """

    severity: Severity
    title: str
    id: str
    findings: int
    weight: int


@frozen
class Part:
    """
    One severity in a bar or a column.

    Args:
        severity: The severity.

        findings: How many findings failed.

        start: Where it begins: in a bar in percent of the width, in a column in pixels from the top.

        size: How much of it that is.
    """

    severity: Severity
    findings: int
    start: float
    size: float


@frozen
class Bar:
    """
    What failed in one service.

    Args:
        service: The service.

        findings: How many findings failed.

        parts: The same by severity, worst first.
    """

    service: str
    findings: int
    parts: tuple[Part, ...]


@frozen
class Line:
    """
    How much failed with one severity in each scan.

    Args:
        severity: The severity.

        text: The figures in words.

        marks: In each scan that has any: the column's place and width in percent, and its part.
    """

    severity: Severity
    text: str
    marks: tuple[tuple[float, float, Part], ...]


@frozen
class Trend:
    """
    How much failed from scan to scan.

    Args:
        text: The figures in words.

        first: The day of the first scan.

        last: The day of the last.

        most: How many failures the highest column stands for.

        lines: The severities, worst first.
    """

    text: str
    first: str
    last: str
    most: int
    lines: tuple[Line, ...]


def weight(finding: Finding) -> int:
    """Return what a failure counts for in what to mend first: one of a severity counts four of the next lower."""
    return int(_STEP**finding.severity)


def tiles(report: Report) -> Iterator[Tile]:
    """Yield how much failed with each severity, worst first."""
    by_severity = report.failed.by_severity()
    changes = report.changes
    for severity in _WORST_FIRST:
        found = by_severity.get(severity, ())
        new, fixed = (
            sum(finding.severity is severity for finding in findings)
            for findings in ((changes.new, changes.fixed) if changes else ((), ()))
        )
        checks = len({finding.check_id for finding in found})
        yield Tile(severity, len(found), checks, new if changes else None, fixed if changes else None)


def failed(report: Report) -> list[Failed]:
    """Return how much failed of each check, the most weight first."""
    checks = []
    for id_, findings in report.failed.by_check().items():
        title = report.checks[id_].title if id_ in report.checks else id_
        worst = max(finding.severity for finding in findings)
        checks.append(Failed(worst, visible(title), visible(id_), len(findings), sum(map(weight, findings))))

    return sorted(checks, key=lambda check: (-check.weight, -check.severity, check.id))


def bars(report: Report) -> list[Bar]:
    """Return how much failed in each service, the most weight first; the longest bar is as wide as there is room."""
    services: dict[str, list[Finding]] = {}
    for finding in report.failed:
        info = report.checks.get(finding.check_id)
        service = info.service if info else finding.check_id.partition("-")[0]
        services.setdefault(visible(service), []).append(finding)
    longest = max(map(len, services.values()), default=0)
    made = [
        (sum(map(weight, found)), Bar(service, len(found), tuple(_across(found, longest))))
        for service, found in services.items()
    ]

    return [bar for _, bar in sorted(made, key=lambda pair: (-pair[0], pair[1].service))]


def _across(found: list[Finding], longest: int) -> Iterator[Part]:
    # A part too small to be seen gets the least width that can be, at the cost of the scale, not of its neighbours.
    least, room = 1.0, 96.0
    start = 0.0
    for severity in _WORST_FIRST:
        number = sum(finding.severity is severity for finding in found)
        if number:
            size = max(least, room * number / longest)
            yield Part(severity, number, round(start, 2), round(size, 2))
            start += size


def trend(report: Report) -> Trend | None:
    """Return how much failed from scan to scan; None where there are too few to tell."""
    runs = report.trend[-RUNS:]
    if len(runs) < FEWEST_RUNS:
        return None
    totals = [sum(run.failed.values()) for run in runs]
    most = max(1, *totals)
    wide = 100 / len(runs)
    marks: dict[Severity, list[tuple[float, float, Part]]] = {severity: [] for severity in _WORST_FIRST}
    for n, run in enumerate(runs):
        base = float(HEIGHT)
        for severity in _WORST_FIRST:
            number = run.failed.get(str(severity), 0)
            if number:
                size = max(1.0, HEIGHT * number / most)
                base -= size
                part = Part(severity, number, round(max(0.0, base), 1), round(size, 1))
                marks[severity].append((round(n * wide, 2), round(wide * 0.72, 2), part))
    first, last = runs[0], runs[-1]

    return Trend(
        text=f"Failures in the last {len(runs)} scans: {totals[0]:,}, then {totals[-1]:,}; "
        f"unknown verdicts: {first.unknown:,}, then {last.unknown:,}",
        first=_day(first.finished),
        last=_day(last.finished),
        most=most,
        lines=tuple(
            Line(severity, f"{severity}: {_told(first, severity)}, then {_told(last, severity)}", tuple(found))
            for severity, found in marks.items()
            if found
        ),
    )


def _told(run: Tally, severity: Severity) -> str:
    return f"{run.failed.get(str(severity), 0):,}"


def _day(moment: datetime.datetime) -> str:
    moment = moment.astimezone(datetime.UTC)
    return f"{moment.day} {moment:%b %Y}"
