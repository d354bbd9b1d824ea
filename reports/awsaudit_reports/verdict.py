"""
What the formats say of checks and verdicts alike.
"""

from __future__ import annotations

import operator

from collections.abc import Iterator, Mapping
from typing import Any

from awsaudit import Finding, Report, Status
from awsaudit.report import CheckInfo


def wanted(options: Mapping[str, Any], *unset: Status) -> tuple[Status, ...]:
    """
    Return the verdicts that *options* ask for.

    Args:
        options: ``status`` names verdicts; ``show_pass`` adds the passes where it names none.

        unset: The verdicts where *options* name none.
    """
    if options.get("status"):
        return tuple(map(Status, options["status"]))
    more = {Status.PASS} if options.get("show_pass") else set()

    return tuple(status for status in Status if status in {*unset, *more})


def title(report: Report, check_id: str) -> str:
    """Return the title of a check; its id where the report does not tell."""
    return report.checks[check_id].title if check_id in report.checks else check_id


def requirements(info: CheckInfo | None) -> Iterator[str]:
    """Yield the requirements behind a check, as ``cis-5.0 1.1``."""
    if info is not None:
        yield from (f"{name} {one}" for name, own in sorted(info.frameworks.items()) for one in own)


def worst_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return *findings* by severity, the worst first; equals keep their order."""
    return sorted(findings, key=operator.attrgetter("severity"), reverse=True)


def sentence(finding: Finding) -> str:
    """Return what is to be said of a finding: the message, and what should be there instead of what is."""
    parts = [finding.message]
    if finding.expected:
        parts.append(f"expected: {finding.expected}")
    if finding.found:
        parts.append(f"found: {finding.found}")

    return "; ".join(parts)


def counts(report: Report) -> str:
    """Return how many findings there are of each verdict; accepted failures are counted apart, where there are any."""
    failed, accepted = report.failed, report.suppressed
    by_severity = ", ".join(f"{len(found)} {severity}" for severity, found in failed.by_severity().items())
    parts = [
        f"{len(failed):,} failed ({by_severity})" if failed else "0 failed",
        f"{len(accepted):,} suppressed" if accepted else "",
        f"{len(report.unknown):,} unknown",
        f"{len(report.passed):,} passed",
        f"{len(report.with_status(Status.NOT_APPLICABLE)):,} not applicable",
    ]

    return " · ".join(filter(None, parts))


def changed(report: Report) -> str:
    """Say what changed since the baseline, such as ``+3 new, 2 fixed, 1 not seen``; empty without one."""
    changes = report.changes
    if changes is None:
        return ""
    parts = [
        f"+{len(changes.new):,} new" if changes.new else "nothing new",
        f"{len(changes.fixed):,} fixed" if changes.fixed else "nothing fixed",
        f"{len(changes.unseen):,} not seen" if changes.unseen else "",
    ]

    return f"{', '.join(filter(None, parts))} since {changes.since:%Y-%m-%d %H:%M} UTC"
