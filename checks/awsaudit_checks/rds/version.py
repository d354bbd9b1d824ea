"""Versions of database engines, which every engine spells its own way."""

from __future__ import annotations

import re


def ordinal(version: str) -> tuple[int, ...]:
    """Return the numbers in *version*, by which versions of one engine are ordered; ``8.0.mysql_aurora.3.08.2`` is 8, 0, 3, …."""
    return tuple(int(digits) for digits in re.findall(r"\d+", version))
