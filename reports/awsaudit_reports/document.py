"""
JSON for other tools: ASCII, with names as they can be shown.

The native format keeps names as they are. Here half a pair of surrogates would make a document that strict readers refuse,
and direction-changing characters would reach the pages on which these tools show names.
"""

from __future__ import annotations

import json

from collections.abc import Iterable, Mapping
from typing import Any

from awsaudit_reports.escape import visible_lines


def document(value: Mapping[str, Any]) -> str:
    """Return *value* as an indented document."""
    return json.dumps(shown(value), indent=2) + "\n"


def array(values: Iterable[Any]) -> str:
    """Return *values* as an array with one value a line."""
    lines = [json.dumps(shown(value), separators=(",", ":")) for value in values]

    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def shown(value: Any) -> Any:
    """Return *value* with every text and key in it made visible; members without a value are left out."""
    if isinstance(value, str):
        return value if value.isprintable() else visible_lines(value)
    if isinstance(value, Mapping):
        return {shown(name): shown(member) for name, member in value.items() if member is not None}
    if isinstance(value, list | tuple):
        return [shown(member) for member in value]

    return value
