"""
Ctrl-C: the first one ends a scan with what it has, the second one ends at once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading

from collections.abc import Iterator
from types import FrameType
from typing import Any, Final, Self

from awsaudit.cli.gate import INTERRUPTED


_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR: Final = b"\x1b[?25h\n"


class Interrupt:
    """
    Takes Ctrl-C, and what a service manager sends to stop a process, while it is entered.

    Before there is something to report, the first one ends the command at once, too.
    """

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._reporting = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._take) for number in _SIGNALS}

        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def reporting(self) -> Iterator[None]:
        """Have what was found reported, from here on."""
        self._reporting = True
        yield
        self._reporting = False

    def _take(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.cancelled.is_set():
            # No clean-up: that is what the second one asks for. But a live bar may have hidden the cursor.
            if os.isatty(2):
                os.write(2, _SHOW_CURSOR)
            os._exit(INTERRUPTED)
        self.cancelled.set()
        if not self._reporting:
            raise KeyboardInterrupt
        # Not through sys.stderr: the signal may have come in the middle of a write.
        os.write(2, b"\nstopping: what was found so far is reported; once more ends at once\n")
