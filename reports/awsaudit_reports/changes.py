"""What changed since the baseline: new failures, fixed ones, and those that could not be looked for again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve

from awsaudit import Finding, Report, Status
from awsaudit.change import Changes
from awsaudit_reports.coverage import counted
from awsaudit_reports.escape import visible
from awsaudit_reports.table import Look, listing


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return what changed as text for a terminal.

    Options: ``width`` (columns; unset or None: unbounded) and ``color`` (false).
    """
    changes = report.changes
    if changes is None:
        return "There is no earlier report to compare with; name one with --baseline.\n"
    look = evolve(Look.of(report, options), statuses=(Status.FAIL,), group=None)
    blocks = [*_blocks(changes, look), _summary(report, changes)]

    return "\n\n".join(blocks) + "\n"


def _blocks(changes: Changes, look: Look) -> Iterator[str]:
    sections = (
        ("Not seen again: refused, or not looked at", changes.unseen),
        ("Fixed", changes.fixed),
        ("New", changes.new),
    )
    for title, findings in sections:
        if findings:
            yield f"{title}\n{listing(_sorted(findings), look)}"


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    # Worst last, nearest the prompt, as in the table.
    return sorted(findings, key=lambda f: (f.severity, f.check_id, f.account, f.region, f.resource.arn, f.sub_key))


def _summary(report: Report, changes: Changes) -> str:
    same = len(report.failed) - len(changes.new)
    parts = [
        f"{len(changes.new):,} new",
        f"{len(changes.fixed):,} fixed",
        *([f"{len(changes.unseen):,} not seen again"] if changes.unseen else []),
        f"{same:,} unchanged",
        *([f"{len(report.suppressed):,} suppressed"] if report.suppressed else []),
    ]
    since = f"{counted(len(report.failed), 'failure')} now; compared with {visible(changes.baseline)}"

    return f"{' · '.join(parts)} · {since}, {changes.since:%Y-%m-%d %H:%M} UTC"
