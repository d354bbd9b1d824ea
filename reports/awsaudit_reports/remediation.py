"""
The commands that repair what failed, as a script for a person to read and then run.

awsaudit never runs it. It refuses to run until whoever read it says so in it, and in an account that it is not for; a command
that fails keeps none of the others from running, and is counted.
https://www.gnu.org/software/bash/manual/bash.html
"""

from __future__ import annotations

import shlex

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from awsaudit import Finding, Report
from awsaudit.native import utc
from awsaudit.report import Findings
from awsaudit_reports.coverage import counted
from awsaudit_reports.escape import visible, visible_lines
from awsaudit_reports.verdict import title, worst_first


_START: Final = """\
set -uo pipefail

have_read=no
if [ "$have_read" != yes ]; then
  echo "These commands change AWS accounts. Read $0, take out what you do not want, then set have_read=yes in it." >&2
  exit 2
fi

failures=0
failed() {
  failures=$((failures + 1))
  echo "$0: the command above line ${BASH_LINENO[0]} failed" >&2
}

current=$(aws sts get-caller-identity --query Account --output text) || exit 2
acts_in() {
  [ "$current" = "$1" ] && return
  failures=$((failures + 1))
  echo "$0: skipped the commands for account $1; the credentials are those of account $current" >&2
  return 1
}
"""

_END: Final = """\
if [ "$failures" != 0 ]; then
  echo "$0: $failures did not succeed" >&2
  exit 1
fi
"""


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return the commands that repair the failures of *report* as a script for bash; there are no options.

    Each command stands under its finding, by account and check, the worst check first. Failures without a command are told of
    in comments; accepted ones are left out.
    """
    del options
    blocks = ["\n".join([*_head(report), ""])]
    if not report.failed:
        return blocks[0]
    blocks.append(_START)
    accounts: dict[str, list[Finding]] = {}
    for finding in report.failed:
        accounts.setdefault(finding.account, []).append(finding)
    for account, findings in sorted(accounts.items()):
        blocks.append("\n".join(_account(report, account, findings)))
    blocks.append(_END)

    return "\n".join(blocks)


def _head(report: Report) -> Iterator[str]:
    failed = report.failed
    commands = sum(_command(finding) is not None for finding in failed)
    yield "#!/usr/bin/env bash"
    # Policies and queries have signs in them that are none of the shell's.
    yield "# shellcheck disable=SC2016"
    yield from _comment(
        f"What repairs the findings of awsaudit {report.tool_version}, scan {report.id}, {utc(report.started)}.",
        f"{counted(len(failed), 'finding')} failed; there is a command for {commands:,} of them.",
    )
    if not report.complete or report.coverage.shortfalls:
        yield from _comment("The scan did not see everything; what it did not see is not repaired by this.")
    yield from _comment("Several commands may change one setting: after running it, scan again.")


def _account(report: Report, account: str, findings: Iterable[Finding]) -> Iterator[str]:
    yield from _comment(f"Account {account}")
    yield f"if acts_in {shlex.quote(visible(account))}; then"
    groups = Findings(findings).by_check()
    ranked = sorted(groups, key=lambda check_id: (-max(f.severity for f in groups[check_id]), check_id))
    for check_id in ranked:
        yield ""
        yield from _check(report, check_id, worst_first(groups[check_id]))
    yield ""
    yield ":"
    yield "fi"
    yield ""


def _check(report: Report, check_id: str, findings: Iterable[Finding]) -> Iterator[str]:
    yield from _comment(f"== {check_id}: {title(report, check_id)}")
    info = report.checks.get(check_id)
    if info is not None:
        yield from _comment(f"   {info.remediation}", f"   {info.url}")
    alike: dict[str | None, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(_command(finding), []).append(finding)
    bare = alike.pop(None, [])
    for command, found in alike.items():
        yield ""
        for finding in found:
            yield from _told(finding)
        yield from ("(", str(command), ") || failed")
    for finding in bare:
        yield ""
        yield from _told(finding)
        yield from _comment("   no command repairs this")


def _told(finding: Finding) -> Iterator[str]:
    yield from _comment(
        f"-- {finding.severity}: {finding.resource.name} in {finding.region}: {finding.message}",
        f"   {finding.resource.arn}",
    )


def _command(finding: Finding) -> str | None:
    """Return the command of a finding; None where there is none, or it would read other than it runs."""
    fix = finding.fix
    return fix if fix and visible_lines(fix) == fix else None


def _comment(*lines: str) -> Iterator[str]:
    # Without line ends and what a terminal would obey, nothing leaves a comment.
    yield from (f"# {visible(' '.join(line.split(chr(10))))}".rstrip() for line in lines)
