"""
``awsaudit secrets``.
"""

from __future__ import annotations

import sys

from typing import Final

import click

from awsaudit.cli.command import verb
from awsaudit.cli.terminal import out
from awsaudit.config import Config
from awsaudit.errors import ConfigError
from awsaudit.secrets import digest


secrets: Final = click.Group(
    "secrets",
    help="Print the hash by which a harmless value is allowed.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@verb()
def hash_(config: Config) -> None:
    """
    Print the hash of a value that a check takes for a secret, and that is none.

    The value is read from standard input, or asked for without being shown; one line break at its end is left out. Put
    what is printed into the list `allow` under [secrets] of the configuration: no later scan tells of the value.

    The hash of a password can be guessed by trying passwords: change what is secret, and allow only what is not.
    """
    del config
    value = click.prompt("Value", hide_input=True, err=True) if sys.stdin.isatty() else _piped()
    if not value:
        raise ConfigError("there is no value on standard input")
    out(digest(value) + "\n")


def _piped() -> str:
    try:
        value = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError("the value on standard input is not UTF-8") from None

    return value.removesuffix("\n").removesuffix("\r")


secrets.add_command(hash_, "hash")
