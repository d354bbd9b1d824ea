"""
``awsaudit report``.
"""

from __future__ import annotations

import click

from awsaudit.cli.command import verb
from awsaudit.cli.gate import EPILOG, exit_code
from awsaudit.cli.output import Destination, destinations, write
from awsaudit.cli.past import Past
from awsaudit.config import GATE, OUTPUT, Config
from awsaudit.report import Report, load


@verb(click.Argument(["file"], type=click.Path()), sections=(OUTPUT, GATE), epilog=EPILOG)
def report(config: Config, file: str) -> int:
    """
    Render the saved report FILE again, in other formats or for a gate; - reads standard input.

    FILE is one that `awsaudit scan -o report.json` wrote. AWS is not asked.
    """
    places = destinations(config)
    return render(load("/dev/stdin" if file == "-" else file), places, config)


def render(saved: Report, places: tuple[Destination, ...], config: Config) -> int:
    """Write a *saved* report again, compared with what the settings name, and return the exit code."""
    with Past(config, at_hand=False) as past:
        past.begin(saved)
        finished = past.finish(saved)
        write(finished, places, config)
        past.keep(finished)

    return exit_code(finished, config)
