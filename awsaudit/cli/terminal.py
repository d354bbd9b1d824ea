"""
What the two streams can show, and how to write to them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import textwrap

from collections.abc import Mapping
from typing import IO, Any, Final

import click

from awsaudit.check import Severity


_WIDTH: Final = 120
"""Columns where nobody says how many there are."""

STYLES: Final[dict[Severity, dict[str, Any]]] = {
    Severity.CRITICAL: {"fg": "red", "bold": True},
    Severity.HIGH: {"fg": "red"},
    Severity.MEDIUM: {"fg": "yellow"},
    Severity.LOW: {"fg": "cyan"},
    Severity.INFO: {"dim": True},
}
"""How severities look, the same as in the table of findings."""


def colored(stream: IO[str], choice: str = "auto", environ: Mapping[str, str] | None = None) -> bool:
    """
    Tell whether to write colour to *stream*.

    Args:
        stream: Where to.

        choice: ``always``, ``never``, or ``auto``: NO_COLOR goes before FORCE_COLOR, and that before what the stream is.

        environ: The environment; unset means that of the process.
    """
    environ = os.environ if environ is None else environ
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True

    return stream.isatty() and environ.get("TERM") != "dumb"


def columns(stream: IO[str]) -> int | None:
    """Return how wide *stream* is; None where it is no terminal and COLUMNS does not say."""
    if stream.isatty() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size((_WIDTH, 24)).columns

    return None


def moving(stream: IO[str], environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether *stream* can show what changes in place: a terminal, and nobody's build log."""
    environ = os.environ if environ is None else environ
    return stream.isatty() and environ.get("TERM") != "dumb" and environ.get("CI", "").lower() in {"", "0", "false"}


def out(content: str | bytes) -> None:
    """Write a result to standard output; who closed it early, as `head` does, wanted no more."""
    data = content.encode(sys.stdout.encoding or "utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _close_out()


def _close_out() -> None:
    # https://docs.python.org/3/library/signal.html#note-on-sigpipe
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def say(text: str, *, label: str = "", style: str | None = None) -> None:
    """
    Write a line to standard error.

    Args:
        text: What to say.

        label: What it is, written before it.

        style: The label's colour.
    """
    if label and style and colored(sys.stderr):
        label = click.style(label, fg=style, bold=True)
    with contextlib.suppress(BrokenPipeError):
        click.echo(f"{label}{text}", err=True, color=True if label else None)


def hanging(text: str, indent: int, width: int | None) -> str:
    """
    Return *text* wrapped, its further lines under its first.

    Args:
        text: What stands *indent* columns into its first line.

        indent: Columns to the left of it.

        width: Columns in all; None for one line.
    """
    if width is None:
        return text
    lines = textwrap.wrap(text, max(width - indent, 20), break_on_hyphens=False, break_long_words=False)

    return f"\n{' ' * indent}".join(lines)


def plain(text: object) -> str:
    """Return *text* on one line, with what a terminal would take for a command written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
