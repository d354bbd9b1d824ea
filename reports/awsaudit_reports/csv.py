"""
For spreadsheets: a row a finding, the same columns always.

https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
import io

from collections.abc import Callable, Mapping
from typing import Any, Final

from awsaudit import Finding, Report, Status
from awsaudit_reports.escape import shortened, visible_lines
from awsaudit_reports.verdict import title, wanted


# Spreadsheets compute a cell that begins so, some of them after a blank, some also with the wide forms of the signs.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
_LONGEST_CELL: Final = 32_767

COLUMNS: Final[Mapping[str, Callable[[Finding, Report], str | None]]] = {
    "status": lambda f, _: f.status.value,
    "severity": lambda f, _: str(f.severity),
    "check_id": lambda f, _: f.check_id,
    "title": lambda f, report: title(report, f.check_id),
    "account": lambda f, _: f.account,
    "region": lambda f, _: f.region,
    "resource_type": lambda f, _: f.resource.type,
    "resource_name": lambda f, _: f.resource.name,
    "resource_arn": lambda f, _: f.resource.arn,
    "message": lambda f, _: f.message,
    "expected": lambda f, _: f.expected,
    "found": lambda f, _: f.found,
    "fix": lambda f, _: f.fix,
    "missing_permissions": lambda f, _: " ".join(sorted({action for gap in f.gaps for action in gap.grants})),
    "notes": lambda f, _: "; ".join(f.notes),
    "tags": lambda f, _: "; ".join(f"{key}={value}" for key, value in sorted(f.resource.tags.items())),
    "first_seen": lambda f, _: f.first_seen,
    "suppressed_until": lambda f, _: f.suppression.expires.isoformat() if f.suppression else None,
    "suppression_reason": lambda f, _: f.suppression.reason if f.suppression else None,
    "suppression_owner": lambda f, _: f.suppression.owner if f.suppression else None,
    "fingerprint": lambda f, _: f.fingerprint,
}
"""What each column holds; ``change`` stands after them, which is ``new`` or empty."""


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return *report* as comma-separated values with a header.

    Options: ``status``, the verdicts to hold; all if unset.
    """
    statuses = wanted(options, *Status)
    new = {finding.fingerprint for finding in report.changes.new} if report.changes else set()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, "change"])
    for finding in report.findings:
        if finding.status in statuses:
            cells = [column(finding, report) for column in COLUMNS.values()]
            writer.writerow(map(_cell, [*cells, "new" if finding.fingerprint in new else ""]))

    return text.getvalue()


def _cell(value: str | None) -> str:
    shown = shortened(visible_lines(value or ""), _LONGEST_CELL - 1)

    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
