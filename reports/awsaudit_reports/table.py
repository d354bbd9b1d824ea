"""For the terminal: the failures, worst last, then what was counted and what was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from awsaudit import Finding, Report, Severity, Status
from awsaudit_reports.coverage import answered, counted, crashed, nothing_failed, stopped, unseen
from awsaudit_reports.escape import shortened, visible
from awsaudit_reports.verdict import changed, counts


_RANK: Final = (Status.PASS, Status.NOT_APPLICABLE, Status.UNKNOWN, Status.FAIL)
_COLORS: Final = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}
_FAINT: Final = "2"
_BETWEEN: Final = 2
_PADDING: Final = 2  # tabulate gives it to every heading
_LEAST_PROBLEM: Final = 32
_LEAST_WIDTH: Final = 24
_LEAST_NAME: Final = 36
_MOST_UNSEEN: Final = 5
_LONGEST_NAME: Final = 100
_LONGEST_PROBLEM: Final = 400


@frozen
class Look:
    """
    How the table is to look.

    Args:
        width: Columns of the terminal; None for lines as long as they come.

        color: Whether severities are coloured.

        statuses: The verdicts to show.

        group: What to group by; None for one table.

        accounts: Whether to name the account.
    """

    width: int | None
    color: bool
    statuses: tuple[Status, ...]
    group: str | None
    accounts: bool

    @classmethod
    def of(cls, report: Report, options: Mapping[str, Any]) -> Look:
        """Return what *options* ask for."""
        wanted = options.get("status") or ("fail", *(("pass",) if options.get("show_pass") else ()))
        width = options.get("width")
        return cls(
            width=max(int(width), _LEAST_WIDTH) if width else None,
            color=bool(options.get("color")),
            statuses=tuple(map(Status, wanted)),
            group=options.get("group"),
            accounts=len(report.accounts) > 1,
        )


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return *report* as text for a terminal.

    Options: ``width`` (columns; unset or None: unbounded), ``color`` (false), ``show_pass`` (false), ``status`` (verdicts to
    show, ``fail`` if unset; accepted failures are counted only) and ``group`` (``check``, ``resource``, ``account`` or ``region``; one table if unset).
    """
    look = Look.of(report, options)
    shown = sorted((f for f in report.findings if f.status in look.statuses and f.suppression is None), key=_badness)
    blocks = [*_sections(report, shown, look), "\n".join(_summary(report, look))]

    return "\n\n".join(blocks) + "\n"


def _badness(finding: Finding) -> tuple[Any, ...]:
    # Worst last, nearest the prompt; among equals by name.
    names = (finding.check_id, finding.account, finding.region, finding.resource.arn, finding.sub_key)
    return (_RANK.index(finding.status), finding.severity, *names)


def _sections(report: Report, shown: Sequence[Finding], look: Look) -> Iterator[str]:
    if look.group is None:
        if shown:
            yield listing(shown, look)
        return
    groups: dict[str, list[Finding]] = {}
    for finding in reversed(shown):
        groups.setdefault(_group_of(finding, look.group), []).insert(0, finding)
    for name, findings in reversed(groups.items()):
        title = report.checks[name].title if look.group == "check" and name in report.checks else ""
        heading = f"{visible(name)}  {visible(title)}".rstrip()
        yield f"{_wrapped(heading, look.width)}\n{listing(findings, look)}"


def _group_of(finding: Finding, group: str) -> str:
    own = {"check": finding.check_id, "account": finding.account, "region": finding.region}
    return own.get(group, finding.resource.arn)


def listing(findings: Sequence[Finding], look: Look) -> str:
    """Return *findings* as a table in their order."""
    from tabulate import tabulate  # noqa: PLC0415 - slow to import, and `--help` does without

    columns = _columns(findings, look)
    taken = sum(max(len(name) + _PADDING, *map(len, cells)) + _BETWEEN for name, cells in columns.items())
    room = None if look.width is None else look.width - taken
    if room is None or room >= _LEAST_PROBLEM:
        columns["PROBLEM"] = [_wrapped(_problem(f), room) for f in findings]
    else:
        columns = _narrow(findings, look)
    if look.color:
        columns["SEVERITY"] = [_painted(f) for f in findings]
    rows = list(zip(*columns.values(), strict=True))

    return str(tabulate(rows, headers=list(columns), tablefmt="plain", disable_numparse=True))


def _columns(findings: Sequence[Finding], look: Look) -> dict[str, list[str]]:
    """Return the columns beside the problem, none wider than its share of the terminal."""
    share = None if look.width is None else max(look.width // 4, _LEAST_NAME)
    columns: dict[str, list[str]] = {}
    if look.statuses != (Status.FAIL,):
        columns["STATUS"] = [f.status.value.replace("_", " ") for f in findings]
    columns["SEVERITY"] = [str(f.severity) for f in findings]
    if look.group != "check":
        columns["CHECK"] = [_fit(f.check_id, None) for f in findings]
    columns["RESOURCE"] = [_fit(_name(f), share) for f in findings]
    if look.accounts and look.group != "account":
        columns["ACCOUNT"] = [visible(f.account) for f in findings]
    if look.group != "region":
        columns["REGION"] = [_fit(f.region, share) for f in findings]

    return columns


def _narrow(findings: Sequence[Finding], look: Look) -> dict[str, list[str]]:
    """Return two columns for a terminal that has no room for six."""
    room = (look.width or 0) - len("SEVERITY") - _PADDING - _BETWEEN
    several = look.statuses != (Status.FAIL,)
    cells = []
    for finding in findings:
        parts = [finding.check_id, _name(finding), *([finding.account] if look.accounts else []), finding.region]
        place = _wrapped("  ".join(_fit(part, room) for part in parts), room)
        verdict = f"{finding.status.value.replace('_', ' ')}: " if several else ""
        cells.append(f"{place}\n{_wrapped(verdict + _problem(finding), room)}")

    return {"SEVERITY": [str(f.severity) for f in findings], "PROBLEM": cells}


def _problem(finding: Finding) -> str:
    return shortened(visible(finding.message), _LONGEST_PROBLEM)


def _name(finding: Finding) -> str:
    return finding.resource.name or finding.resource.arn


def _painted(finding: Finding) -> str:
    color = _COLORS[finding.severity] if finding.status is Status.FAIL else _FAINT
    return f"\x1b[{color}m{finding.severity}\x1b[0m"


def _fit(text: str, width: int | None) -> str:
    return shortened(visible(text), _LONGEST_NAME if width is None else width)


def _wrapped(text: str, width: int | None, indent: str = "") -> str:
    """Return *text* in lines of at most *width*; a word is broken only where it is longer than a line."""
    if width is None:
        return text
    lines = [""]
    for word in text.split():
        if lines[-1].strip() and len(lines[-1]) + 1 + len(word) > width:
            lines.append(indent)
        lines[-1] += f" {word}" if lines[-1].strip() else word
        while len(lines[-1]) > width:
            lines.append(indent + lines[-1][width:])
            lines[-2] = lines[-2][:width]

    return "\n".join(lines)


def _summary(report: Report, look: Look) -> Iterator[str]:
    said = [] if report.failed else [nothing_failed(report)]
    said += _not_seen(report)
    if report.coverage.stopped:
        said.append(stopped(report.coverage.stopped))
    if crashed(report):
        said.append(visible(crashed(report)))
    if report.changes:
        said.append(changed(report))
    yield from (_wrapped(line, look.width, "  ") for line in [*said, f"{counts(report)}; {answered(report)}"])


def _not_seen(report: Report) -> Iterator[str]:
    found = unseen(report)
    for one in found[:_MOST_UNSEEN]:
        yield f"not seen: {visible(one.sentence)}"
    if len(found) > _MOST_UNSEEN:
        more = sum(one.calls for one in found[_MOST_UNSEEN:])
        yield f"not seen: {counted(more, 'more call')}; the html and json reports name them"
    if report.coverage.grants:
        yield f"to see it, grant {', '.join(map(visible, report.coverage.grants))}"
    if report.unknown:
        is_unknown = "verdict is unknown" if len(report.unknown) == 1 else "verdicts are unknown"
        yield f"{len(report.unknown):,} {is_unknown}; --status unknown lists why"
