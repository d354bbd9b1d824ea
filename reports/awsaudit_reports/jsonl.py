"""The native format in lines: a header, a finding a line, an end; `awsaudit.native.LineWriter` writes it during a scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsaudit import Report
from awsaudit.native import lines


def render(report: Report, options: Mapping[str, Any]) -> str:
    """Return *report* as JSON Lines; there are no options."""
    del options
    return "".join(lines(report.to_json()))
