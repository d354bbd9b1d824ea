"""
What the exit code says.
"""

from __future__ import annotations

from typing import Final

from awsaudit.check import Severity, Status
from awsaudit.config import NEW, Config
from awsaudit.gap import CANCELLED
from awsaudit.report import Report


DONE: Final = 0
TRIPPED: Final = 1
USAGE: Final = 2
INCOMPLETE: Final = 3
NOTHING_RAN: Final = 4
INTERRUPTED: Final = 130

MEANINGS: Final = {
    DONE: "done",
    TRIPPED: "there is a failure of the severity of --fail-on, or worse",
    USAGE: "a flag, a setting or a file is wrong",
    INCOMPLETE: "a check crashed, the --timeout passed, or with --strict something was refused or is unknown",
    NOTHING_RAN: "there are no credentials, or AWS answered nothing",
    INTERRUPTED: "interrupted; what was found by then is reported",
}
"""What the exit codes mean; where several apply, 4 goes before 3, and 3 before 1."""

EPILOG: Final = (
    "Flags that may be given several times take lists with commas, too. Every flag has a variable, AWSAUDIT_REGION for "
    "--region, and a key in awsaudit.toml.\n\n\b\nExit codes:\n"
    + "\n".join(f"  {code:<4} {meaning}" for code, meaning in MEANINGS.items())
)
"""What help says last of the verbs that report."""


def exit_code(report: Report, config: Config, *, silent: bool = False) -> int:
    """
    Return what *report* amounts to.

    Args:
        report: The report.

        config: The settings, those of the gate among them.

        silent: AWS answered nothing at all.
    """
    if report.coverage.stopped == CANCELLED:
        return INTERRUPTED
    if silent and not report.coverage.stopped and not _decided(report):
        return NOTHING_RAN
    if not report.complete or (config.strict and (report.coverage.shortfalls or report.unknown)):
        return INCOMPLETE
    if config.fail_on is not None and _trips(report, config.fail_on):
        return TRIPPED

    return DONE


def _trips(report: Report, gate: str) -> bool:
    first, _, rest = gate.partition(":")
    level = Severity.parse(rest or ("info" if first == NEW else first))
    # Where there is nothing to compare with, every failure is new.
    failures = report.changes.new if first == NEW and report.changes else report.failed

    return any(finding.severity >= level for finding in failures)


def _decided(report: Report) -> bool:
    # An error code may say "there is none", and that decides a check as an answer does.
    return any(finding.status is not Status.UNKNOWN for finding in report.findings)
