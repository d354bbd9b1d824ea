"""
The company's IAM roles.
"""

from __future__ import annotations

from awsaudit.demo.company import Company


def build(company: Company) -> None:
    """Build them."""
    del company
