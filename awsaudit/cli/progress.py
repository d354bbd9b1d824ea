"""
How far a scan is: a bar on a terminal, a line every ten seconds elsewhere.
"""

from __future__ import annotations

import sys
import threading
import time

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self

from awsaudit.cli.log import as_json
from awsaudit.cli.terminal import colored, moving, say
from awsaudit.collect import Progress
from awsaudit.config import Config


if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


_FIRST: Final = 0.4
"""Seconds before a bar shows: what is done by then needs none."""

_BAR: Final = 20
_LEAST_BAR: Final = 8
"""Columns of the bar; where there is no room for so many, the words have to do."""

_REFRESH: Final = 0.125
_LINE_EVERY: Final = 10.0


class Meter:
    """
    Shows how far *scan* is while it is entered, from a thread of its own.

    Args:
        config: The settings.

        progress: Asked for the numbers; what it returns is only read.

        what: What is shown until there is a number.
    """

    def __init__(self, config: Config, progress: Callable[[], Progress | None], what: str) -> None:
        self._progress = progress
        self._what = what
        self._started = time.monotonic()
        self._done = threading.Event()
        self._live: Live | None = None
        self._shown = not (config.quiet or config.no_progress)
        self._moving = moving(sys.stderr) and not as_json(config.log_format)
        self._json = as_json(config.log_format)
        self._thread = threading.Thread(target=self._show, name="awsaudit-progress", daemon=True)

    def __enter__(self) -> Self:
        if self._shown:
            self._thread.start()

        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._shown:
            self._thread.join()

    def _show(self) -> None:
        if not self._moving:
            while not self._done.wait(_LINE_EVERY):
                self._line()
            return
        if self._done.wait(_FIRST):
            return
        with _live() as live:
            while not self._done.wait(_REFRESH):
                live.update(self._bar(live.console.width), refresh=True)
            live.update("", refresh=True)

    def _line(self) -> None:
        progress = self._progress()
        if self._json:
            from awsaudit import log  # noqa: PLC0415 - only where logs are read by machines

            log.warning("scan.progress", **_numbers(progress), seconds=round(time.monotonic() - self._started))
        else:
            say(f"{self._text(progress)} · {_clock(time.monotonic() - self._started)}")

    def _text(self, progress: Progress | None) -> str:
        if progress is None or not progress.asked:
            return self._what
        several = progress.accounts > 1
        parts = [
            f"{progress.accounts_done} of {progress.accounts} accounts"
            if several
            else f"{progress.services_done} of {progress.services} services",
            f"{progress.answered} of {progress.asked} calls",
            _count(progress.findings, "finding"),
        ]
        if progress.throttled:
            parts.append(f"{progress.throttled} throttled")

        return " · ".join(parts)

    def _bar(self, columns: int) -> Table:
        from rich.progress_bar import ProgressBar  # noqa: PLC0415 - rich is slow to import
        from rich.table import Table  # noqa: PLC0415 - the same

        progress = self._progress()
        known = progress is not None and progress.asked > 0
        text = f"{self._text(progress)} · {_clock(time.monotonic() - self._started)}"
        room = min(columns - len(text) - 2, _BAR)
        row = Table.grid(padding=(0, 1))
        if room < _LEAST_BAR:
            row.add_column(no_wrap=True, overflow="ellipsis")
            row.add_row(text)
            return row
        row.add_row(
            ProgressBar(
                total=progress.asked if progress and known else None,
                completed=progress.answered if progress else 0,
                pulse=not known,
                width=room,
                style="dim",
                complete_style="cyan",
                finished_style="cyan",
            ),
            text,
        )

        return row


def _numbers(progress: Progress | None) -> dict[str, int]:
    several = progress is not None and progress.accounts > 1
    units = ("accounts_done", "accounts") if several else ("services_done", "services")
    names = (*units, "answered", "asked", "findings", "throttled")
    return {name: getattr(progress, name) for name in names} if progress else {}


def _live() -> Live:
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.live import Live  # noqa: PLC0415 - the same

    console = Console(file=sys.stderr, force_terminal=True, no_color=not colored(sys.stderr), highlight=False)
    # Its redirection keeps log lines above the bar; what goes to standard output is none of its business.
    return Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)

    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
