"""One file for people: findings grouped and searchable, evidence, the fix to copy, and what was not seen."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import json
import re

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Final

from awsaudit import Report
from awsaudit_reports.chart import FIRST, HEIGHT, SERVICES, bars, failed, tiles, trend
from awsaudit_reports.coverage import answered, counted, crashed, nothing_failed, short, stopped, unseen
from awsaudit_reports.escape import visible
from awsaudit_reports.island import Island


PACKED_ABOVE: Final = 5_000_000
"""How many bytes of data a page holds as they are; more is compressed."""


def render(report: Report, options: Mapping[str, Any]) -> str:
    """Return *report* as one HTML file that needs no network; there are no options."""
    del options
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - slow to import, and `--help` does without
    from markupsafe import Markup  # noqa: PLC0415 - the same

    css, script = _tight_style(_beside("page.css")), _tight_script(_beside("page.js"))
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_beside("page.html.j2"))
    checks, services = failed(report), bars(report)
    data, packed = _packed(Island(report).text())

    return template.render(
        accounts=[visible(account) for account in report.accounts],
        name=visible(report.account_names.get(report.accounts[0], "")) if len(report.accounts) == 1 else "",
        facts=list(_facts(report)),
        date=_date(report.finished),
        since=_date(report.changes.since) if report.changes else "",
        tiles=list(tiles(report)),
        first=checks[:FIRST],
        bars=services[:SERVICES],
        more=services[SERVICES:],
        trend=trend(report),
        height=HEIGHT,
        answered=answered(report),
        short=short(report),
        crashed=visible(crashed(report)),
        stopped=stopped(report.coverage.stopped) if report.coverage.stopped else "",
        unknown=len(report.unknown),
        unseen=[(visible(u.what), visible(u.why), u.calls, u.checks, visible(u.repair or "")) for u in unseen(report)],
        statement=json.dumps(report.coverage.statement, indent=2) if report.coverage.statement else "",
        failed=sorted(checks, key=lambda check: (-check.severity, -check.findings, check.id)),
        nothing=nothing_failed(report),
        version=visible(report.tool_version),
        counted=counted,
        packed=packed,
        # These three are our own files and JSON without markup; everything else is escaped.
        css=Markup(css),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(data),  # noqa: S704
        css_hash=_hash(css),
        script_hash=_hash(script),
    )


def _packed(data: str) -> tuple[str, bool]:
    """Return *data* as it stands in the page, and whether it is gzip in base64."""
    plain = data.encode("utf-8", "surrogatepass")
    if len(plain) <= PACKED_ABOVE:
        return data, False

    return base64.b64encode(gzip.compress(plain, mtime=0)).decode(), True


def _beside(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


# What the sources hold for people to read by is left out of the page: comments, indentation, and white space where the
# character beside it parts or joins anyhow. A line end of the script goes only where a statement cannot end or has ended.
# Texts and patterns stay as they are; tests hold both files to what that takes.

_COMMENT = re.compile(r"^\s*/\*.*?\*/$", re.DOTALL | re.MULTILINE)
_STYLE_SPACE = re.compile(r"\s*([{};,>])\s*")
_SCRIPT_SPACE = re.compile(
    r"""('(?:\\.|[^'\\\n])*'|`[^`\n]*`|/(?:\\.|[^/\\\n ])+/[a-z]*)
    |[ ]*(=>|[,;{(\[=?:&|!<>])\s*
    |\s*([)\]}])[ ]*
    |(?<=[^+-])[ ]([+*%-])[ ](?=[^+-])""",
    re.VERBOSE,
)


def _tight_style(source: str) -> str:
    """Return a style sheet without comments, line ends, and spaces beside its punctuation."""
    joined = " ".join(_COMMENT.sub("", source).split())
    return _STYLE_SPACE.sub(r"\1", joined).replace(": ", ":").replace(";}", "}")


def _tight_script(source: str) -> str:
    """Return a script without comment lines, indentation, and white space that nothing hangs on."""
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return _SCRIPT_SPACE.sub(lambda found: "".join(filter(None, found.groups())), kept)


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
