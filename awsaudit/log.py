"""
What the library has to tell a log: events, as dotted nouns with fields, never the contents of resources.

The library is silent by itself. Its events reach structlog once an application has imported and configured it, as the
command line does, and take no time before.
"""

from __future__ import annotations

import sys

from typing import Any


def debug(event: str, **fields: Any) -> None:
    """Tell of something that only somebody who looks for a fault wants to know."""
    _tell("debug", event, fields)


def info(event: str, **fields: Any) -> None:
    """Tell of a step of the work."""
    _tell("info", event, fields)


def warning(event: str, **fields: Any) -> None:
    """Tell of something that keeps part of the account from being seen."""
    _tell("warning", event, fields)


def error(event: str, **fields: Any) -> None:
    """Tell of something that is broken in awsaudit or in a pack."""
    _tell("error", event, fields)


def _tell(level: str, event: str, fields: dict[str, Any]) -> None:
    # structlog takes 0.1 s to import, and unconfigured it would print to standard output.
    structlog = sys.modules.get("structlog")
    if structlog is not None and structlog.is_configured():
        getattr(structlog.get_logger("awsaudit"), level)(event, **fields)
