"""The ``awsaudit`` command."""

from __future__ import annotations

import sys

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    from awsaudit.cli.command import run  # noqa: PLC0415 - the library imports this package without the command

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
