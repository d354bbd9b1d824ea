"""Parts of the example account that are built later."""

from __future__ import annotations

from awsaudit.demo.company import Company


def build(company: Company) -> None:
    """Build nothing yet."""
