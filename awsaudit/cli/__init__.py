"""The ``awsaudit`` command."""

from __future__ import annotations

import gc
import sys

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    from awsaudit.cli.command import run  # noqa: PLC0415 - the library imports this package without the command

    code = run(sys.argv[1:] if arguments is None else arguments)
    # On its way out Python would look through all that a scan has collected, several times.
    gc.freeze()
    sys.exit(code)
