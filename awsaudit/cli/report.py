"""
``awsaudit report``.
"""

from __future__ import annotations

import click

from awsaudit.cli.command import verb
from awsaudit.cli.gate import EPILOG, exit_code
from awsaudit.cli.output import destinations, write
from awsaudit.config import GATE, OUTPUT, Config
from awsaudit.report import load


@verb(click.Argument(["file"], type=click.Path()), sections=(OUTPUT, GATE), epilog=EPILOG)
def report(config: Config, file: str) -> int:
    """
    Render the saved report FILE again, in other formats or for a gate; - reads standard input.

    FILE is one that `awsaudit scan -o report.json` wrote. AWS is not asked.
    """
    places = destinations(config)
    saved = load("/dev/stdin" if file == "-" else file)
    write(saved, places, config)

    return exit_code(saved, config)
