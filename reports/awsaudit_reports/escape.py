"""
Names as they can be shown.

Names, tags and policies are written by whoever may create a resource: they are data, whatever they look like.
"""

from __future__ import annotations

import re


_PART = re.compile(r"[^\n\t]+")


def visible(text: str) -> str:
    """Return *text* with control, direction-changing and invisible characters written out in ASCII."""
    if text.isprintable():
        return text

    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def visible_lines(text: str) -> str:
    """Return the same, with line ends and tabs kept: for commands and prose."""
    return _PART.sub(lambda part: visible(part[0]), text)


def shortened(text: str, width: int) -> str:
    """Return *text* in at most *width* characters, cut in the middle: both ends of a name tell it from others."""
    if len(text) <= width:
        return text
    tail = (width - 1) // 2

    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}" if width > 1 else "…"
