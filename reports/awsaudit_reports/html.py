"""One file for people: findings grouped and searchable, evidence, the fix to copy, and what was not seen."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from attrs import frozen

from awsaudit import Report, Severity
from awsaudit_reports.coverage import answered, counted, crashed, nothing_failed, short, stopped, unseen
from awsaudit_reports.escape import visible
from awsaudit_reports.island import Island


@frozen
class Tile:
    """
    How much failed with one severity.

    Args:
        severity: The severity.

        findings: How many findings failed.

        checks: How many checks they are of.
    """

    severity: Severity
    findings: int
    checks: int


@frozen
class Failed:
    """
    How much failed of one check, for readers without scripts.

    Args:
        severity: The worst severity of a failure.

        title: The good state.

        id: The check.

        findings: How many findings failed.
    """

    severity: Severity
    title: str
    id: str
    findings: int


def render(report: Report, options: Mapping[str, Any]) -> str:
    """Return *report* as one HTML file that needs no network; there are no options."""
    del options
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - slow to import, and `--help` does without
    from markupsafe import Markup  # noqa: PLC0415 - the same

    css, script = _tight(_beside("page.css")), _tight(_beside("page.js"))
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_beside("page.html.j2"))

    return template.render(
        accounts=[visible(account) for account in report.accounts],
        facts=list(_facts(report)),
        date=_date(report.finished),
        tiles=[_tile(report, severity) for severity in sorted(Severity, reverse=True)],
        answered=answered(report),
        short=short(report),
        crashed=visible(crashed(report)),
        stopped=stopped(report.coverage.stopped) if report.coverage.stopped else "",
        unknown=len(report.unknown),
        unseen=[(visible(u.what), visible(u.why), u.calls, u.checks, visible(u.repair or "")) for u in unseen(report)],
        statement=json.dumps(report.coverage.statement, indent=2) if report.coverage.statement else "",
        failed=sorted(_failed(report), key=lambda f: (-f.severity, -f.findings, f.id)),
        nothing=nothing_failed(report),
        version=visible(report.tool_version),
        counted=counted,
        # These three are our own files and JSON without markup; everything else is escaped.
        css=Markup(css),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(Island(report).text()),  # noqa: S704
        css_hash=_hash(css),
        script_hash=_hash(script),
    )


def _beside(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _tight(source: str) -> str:
    """Return a style sheet or script without indentation, empty lines and comments that have lines of their own."""
    lines = (line.strip() for line in _COMMENT.sub("", source).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


_COMMENT = re.compile(r"^\s*/\*.*?\*/$", re.DOTALL | re.MULTILINE)


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    few = 3
    regions = ", ".join(map(visible, report.regions)) if len(report.regions) <= few else str(len(report.regions))
    seconds = round((report.finished - report.started).total_seconds())
    minutes, rest = divmod(seconds, 60)
    yield "Scanned", _date(report.finished)
    yield "Took", f"{minutes} min {rest} s" if minutes else f"{seconds} s"
    yield "Regions", regions or "none"
    yield "Resources", f"{sum(report.coverage.resources.values()):,}"
    yield "Checks", f"{len(report.checks):,}"
    yield "Findings", f"{len(report.findings):,}"


def _date(moment: datetime.datetime) -> str:
    moment = moment.astimezone(datetime.UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _tile(report: Report, severity: Severity) -> Tile:
    found = report.failed.by_severity().get(severity, ())
    return Tile(severity, len(found), len({finding.check_id for finding in found}))


def _failed(report: Report) -> Iterator[Failed]:
    for id_, findings in report.failed.by_check().items():
        title = report.checks[id_].title if id_ in report.checks else id_
        yield Failed(max(f.severity for f in findings), visible(title), visible(id_), len(findings))
