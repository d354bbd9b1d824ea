"""The native format: one JSON document, with a published schema."""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any

from awsaudit import Report


def render(report: Report, options: Mapping[str, Any]) -> str:
    """Return *report* as JSON; the option ``indent`` (2) is how far to indent."""
    return json.dumps(report.to_json(), indent=options.get("indent", 2), ensure_ascii=True) + "\n"
