import io
import sys

import pytest
import rich.console

from awsaudit.cli import progress
from awsaudit.cli.progress import Meter
from awsaudit.collect import Progress
from awsaudit.config import Config


NOW = Progress(asked=430, answered=312, services=20, services_done=14, findings=57, throttled=2)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(config, current, monkeypatch, *, seconds=0.5):
    """Return what is on standard error after *seconds*."""
    import time

    with Meter(config, lambda: current, "asking"):
        time.sleep(seconds)
    return sys.stderr.getvalue()


@pytest.fixture(name="quickly")
def _quickly(monkeypatch):
    monkeypatch.setattr(progress, "_FIRST", 0.01)
    monkeypatch.setattr(progress, "_REFRESH", 0.02)
    monkeypatch.setattr(progress, "_LINE_EVERY", 0.05)


def test_lines_where_nothing_moves(quickly, monkeypatch):
    """
    In a file progress is a line at a time: services, calls, findings, throttles, time.
    """
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert "14 of 20 services · 312 of 430 calls · 57 findings · 2 throttled · 0:00" in (
        shown(Config(), NOW, monkeypatch).splitlines()
    )


def test_counts_accounts_where_there_are_several(quickly, monkeypatch):
    """
    Over an organization progress is told in accounts.
    """
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    now = Progress(asked=430, answered=312, accounts=20, accounts_done=7, findings=57)

    assert "7 of 20 accounts · 312 of 430 calls · 57 findings · 0:00" in shown(Config(), now, monkeypatch).splitlines()


def test_a_bar_on_a_terminal(quickly, monkeypatch):
    """
    On a terminal a bar is drawn in place and wiped at the end.
    """
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    out = shown(Config(), NOW, monkeypatch)

    assert "14 of 20 services · 312 of 430 calls · 57 findings · 2 throttled" in out
    assert "\x1b[?25h" in out.rpartition("\x1b[?25l")[2]


@pytest.mark.parametrize(("columns", "drawn"), [(120, True), (82, True), (78, False), (40, False)])
def test_a_bar_takes_one_line(columns, drawn):
    """
    The bar gives way to the words, and the words to the terminal.
    """
    console = rich.console.Console(file=io.StringIO(), width=columns, force_terminal=True)
    console.print(Meter(Config(), lambda: NOW, "asking")._bar(columns))
    out = console.file.getvalue()

    assert drawn == ("━" in out)
    assert 1 == len(out.splitlines())


def test_what_comes_before_the_scan(quickly, monkeypatch):
    """
    Until there is a number it says what is done.
    """
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert "asking · 0:00" in shown(Config(), None, monkeypatch)


@pytest.mark.parametrize("config", [{"quiet": True}, {"no_progress": True}])
def test_can_be_turned_off(quickly, monkeypatch, config):
    """
    -q and --no-progress show none.
    """
    monkeypatch.setattr(sys, "stderr", Terminal())

    assert "" == shown(Config(**config), NOW, monkeypatch)


def test_quick_scans_show_nothing(monkeypatch):
    """
    What is over at once needs no bar.
    """
    monkeypatch.setattr(sys, "stderr", Terminal())

    assert "" == shown(Config(), NOW, monkeypatch, seconds=0)


@pytest.mark.parametrize(("seconds", "clock"), [(0, "0:00"), (59.9, "0:59"), (61, "1:01"), (3723, "1:02:03")])
def test_clock(seconds, clock):
    """
    Time is minutes and seconds, and hours once there are any.
    """
    assert clock == progress._clock(seconds)
