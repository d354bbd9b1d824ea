"""
For comments on pull requests and job summaries: what counts first, the rest folded.

https://github.github.com/gfm/
"""

from __future__ import annotations

import re

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from awsaudit import Finding, Report, Status
from awsaudit_reports.coverage import answered, counted, crashed, nothing_failed, stopped, unseen
from awsaudit_reports.escape import shortened, visible
from awsaudit_reports.verdict import changed, counts, wanted, worst_first


LONGEST: Final = 65_535
"""How many characters a page may have: a comment at GitHub takes one more."""

MOST_OPEN: Final = 20
"""How many findings are not folded."""

_ROOM_OPEN: Final = 24_000
_ROOM_COMMANDS: Final = 12_000
_ROOM_CHANGES: Final = 6_000
_ROOM_SUPPRESSED: Final = 6_000
_MOST_UNSEEN: Final = 5
_MOST_GRANTS: Final = 30
_LONGEST_NAME: Final = 100
_LONGEST_PROBLEM: Final = 400
_NOTE: Final = "{:,} more did not fit here; the html and json reports have them."

# Only these are written as prose. Everything else might be a mention, a reference, a link, an emoji or markup.
_PLAIN: Final = re.compile(r"[^\W\d_]+(?:[-'’/][^\W\d_]+)*|\d{1,5}%?|[-–—…]")
_TOKEN: Final = re.compile(r"""(["'(]*)(.*?)([)"',.;:?]*)""", re.DOTALL)


@frozen
class _Look:
    """
    How findings are listed.

    Args:
        new: The fingerprints of new failures.

        accounts: Whether to name the account.
    """

    new: frozenset[str]
    accounts: bool

    def head(self) -> list[str]:
        names = ["Severity", "Check", "Resource", *(["Account"] if self.accounts else []), "Region", "Problem"]
        return [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]

    def row(self, finding: Finding) -> str:
        mark = "**new** " if finding.fingerprint in self.new else ""
        failed = finding.status is Status.FAIL
        cells = [
            f"{mark}{finding.severity}" if failed else finding.status.value.replace("_", " "),
            code(finding.check_id),
            code(finding.resource.name or finding.resource.arn),
            *([code(finding.account)] if self.accounts else []),
            code(finding.region),
            prose(finding.message),
        ]
        return f"| {' | '.join(cells)} |"


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return *report* in GitHub's Markdown, in fewer than 65,536 characters.

    The counts stand first, then what changed and what could not be seen, then twenty findings: new ones before others, and
    the worst of each first. Folded are the other findings, the commands that repair the twenty, earlier failures that are
    fixed or could not be seen, and what is accepted. What does not fit is counted. Options: ``status`` and ``show_pass``, the
    verdicts to list; failures if unset.
    """
    new = frozenset(finding.fingerprint for finding in report.changes.new) if report.changes else frozenset()
    look = _Look(new, accounts=len(report.accounts) > 1)
    statuses = wanted(options, Status.FAIL)
    listed = worst_first(tuple(f for f in report.findings if f.status in statuses and f.suppression is None))
    listed.sort(key=lambda f: (f.fingerprint not in new, f.status is not Status.FAIL))
    rows = [look.row(finding) for finding in listed]
    count = _fitting(rows[:MOST_OPEN], _ROOM_OPEN)

    above = [f"## awsaudit: {_headline(report)}", "\n".join(f"- {line}" for line in _facts(report))]
    if count:
        above.append("\n".join([*look.head(), *rows[:count]]))
    below = [*_commands(listed[:count]), *_changes(report, look), *_suppressed(report)]
    left = LONGEST - sum(len(block) + 2 for block in (*above, *below))
    rest = _fold(counted(len(rows) - count, "more finding"), look.head(), rows[count:], left) if rows[count:] else ""

    return "\n\n".join(filter(None, [*above, rest, *below])) + "\n"


def _headline(report: Report) -> str:
    failed = report.failed
    if not failed:
        return nothing_failed(report)

    return f"{counted(len(failed), 'finding')} failed"


def _facts(report: Report) -> Iterator[str]:
    yield counts(report)
    if report.changes:
        yield changed(report)
    accounts = [code(account) for account in report.accounts[:_MOST_UNSEEN]]
    others = len(report.accounts) - len(accounts)
    more = f" and {others:,} others" if others else ""
    yield f"{answered(report)}, account {', '.join(accounts)}{more}, {report.started:%Y-%m-%d %H:%M} UTC"
    found = unseen(report)
    for one in found[:_MOST_UNSEEN]:
        yield f"not seen: {prose(one.sentence)}"
    if len(found) > _MOST_UNSEEN:
        more_calls = sum(one.calls for one in found[_MOST_UNSEEN:])
        yield f"not seen: {counted(more_calls, 'more call')}; the html and json reports name them"
    grants = report.coverage.grants
    if grants:
        named = ", ".join(map(code, grants[:_MOST_GRANTS]))
        yield f"to see it, grant {named}{f' and {len(grants) - _MOST_GRANTS} more' if len(grants) > _MOST_GRANTS else ''}"
    if report.coverage.stopped:
        yield prose(stopped(report.coverage.stopped))
    if crashed(report):
        yield prose(crashed(report))


def _commands(findings: Iterable[Finding]) -> Iterator[str]:
    fixes = list(dict.fromkeys(f.fix for f in findings if f.fix and f.fix.isprintable()))
    if not fixes:
        return
    longest = max((len(run) for fix in fixes for run in re.findall("`+", fix)), default=0)
    fence = "`" * max(3, longest + 1)
    title = "The command that repairs it" if len(fixes) == 1 else f"{len(fixes):,} commands that repair them"
    yield _fold(title, [f"{fence}sh"], fixes, _ROOM_COMMANDS, tail=[fence])


def _changes(report: Report, look: _Look) -> Iterator[str]:
    if report.changes is None:
        return
    for findings, title in ((report.changes.fixed, "fixed"), (report.changes.unseen, "earlier, not seen this time")):
        if findings:
            rows = [look.row(finding) for finding in worst_first(findings)]
            yield _fold(f"{len(findings):,} {title}", look.head(), rows, _ROOM_CHANGES)


def _suppressed(report: Report) -> Iterator[str]:
    rows = []
    for finding in worst_first(report.suppressed):
        accepted = finding.suppression
        if accepted is not None:
            name = code(finding.resource.name or finding.resource.arn)
            said = [
                code(finding.check_id),
                name,
                prose(accepted.reason),
                prose(accepted.owner or ""),
                f"{accepted.expires}",
            ]
            rows.append(f"| {finding.severity} | {' | '.join(said)} |")
    head = ["| Severity | Check | Resource | Reason | Owner | Until |", f"|{' --- |' * 6}"]
    if rows:
        yield _fold(f"{len(rows):,} suppressed", head, rows, _ROOM_SUPPRESSED)


def _fold(title: str, head: Sequence[str], lines: Sequence[str], room: int, tail: Sequence[str] = ()) -> str:
    """Return *lines* as a part that opens on a click, in at most *room* characters."""
    begin, end = ["<details>", f"<summary>{title}</summary>", "", *head], [*tail, "", "</details>"]
    taken = sum(len(line) + 1 for line in (*begin, *end)) + len(_NOTE) + 20
    count = _fitting(lines, room - taken)
    more = len(lines) - count
    if not count:
        return f"{title}: {_NOTE.format(more)}"

    return "\n".join([*begin, *lines[:count], *tail, *(["", _NOTE.format(more)] if more else []), "", "</details>"])


def _fitting(lines: Sequence[str], room: int) -> int:
    for count, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return count

    return len(lines)


def code(text: str) -> str:
    """Return *text* as code, in which nothing is a mention, a reference or a link."""
    shown = shortened(visible(text), _LONGEST_NAME)
    if not set(shown) & set("`|\\"):
        return f"`{shown}`" if shown else ""

    return f"<code>{''.join(c if c.isalnum() or c in ' -' else f'&#{ord(c)};' for c in shown)}</code>"


def prose(text: str) -> str:
    """Return *text* with words as they are and everything else as code."""
    return " ".join(map(_token, shortened(visible(text), _LONGEST_PROBLEM).split()))


def _token(token: str) -> str:
    parts = _TOKEN.fullmatch(token)
    if parts is None or not parts[2] or _PLAIN.fullmatch(parts[2]):
        return token

    return f"{parts[1]}{code(parts[2])}{parts[3]}"
