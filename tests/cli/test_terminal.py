import io

import pytest

from awsaudit.cli.terminal import colored, moving, plain


class Stream(io.StringIO):
    def __init__(self, *, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "choice", "environ", "expected"),
    [
        (True, "auto", {}, True),
        (False, "auto", {}, False),
        (True, "auto", {"TERM": "dumb"}, False),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (False, "auto", {"FORCE_COLOR": "0"}, False),
        (False, "auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, "never", {"FORCE_COLOR": "1"}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
    ],
)
def test_colour(terminal, choice, environ, expected):
    """
    The flag decides, then NO_COLOR, then FORCE_COLOR, then the terminal.
    """
    assert expected == colored(Stream(terminal=terminal), choice, environ)


@pytest.mark.parametrize(
    ("terminal", "environ", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"CI": "true"}, False),
        (True, {"CI": "false"}, True),
    ],
)
def test_a_bar_moves_on_terminals_only(terminal, environ, expected):
    """
    Nothing moves in files, on dumb terminals and in build logs.
    """
    assert expected == moving(Stream(terminal=terminal), environ)


def test_names_cannot_command_the_terminal():
    """
    Control characters are written out.
    """
    assert "a\\x1b[2Jb\\nc\\u202e" == plain("a\x1b[2Jb\nc\u202e")
