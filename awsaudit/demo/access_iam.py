"""
The part of the example account that shows access: iam.
"""

from __future__ import annotations

from awsaudit.demo.company import Company


def build(company: Company) -> None:
    """Build it."""
    del company
