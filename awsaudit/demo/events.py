"""
The company's event buses, rules and connections.
"""

from __future__ import annotations

from awsaudit.demo.company import Company


def build(company: Company) -> None:
    """Build them."""
    del company
