"""
``awsaudit diff``.
"""

from __future__ import annotations

import click

from attrs import evolve

from awsaudit.change import Baseline
from awsaudit.cli.command import verb
from awsaudit.cli.gate import EPILOG, exit_code
from awsaudit.cli.output import destinations, write
from awsaudit.config import GATE, OUTPUT, Config
from awsaudit.errors import ConfigError
from awsaudit.report import load


FORMAT = "changes"


@verb(
    click.Argument(["old"], type=click.Path()),
    click.Argument(["new"], type=click.Path()),
    sections=(OUTPUT, GATE),
    without=("baseline", "update-baseline", "suppressions", "history", "show-pass", "status", "group"),
    epilog=EPILOG,
)
def diff(config: Config, old: str, new: str) -> int:
    """
    Say what changed from the saved report OLD to the saved report NEW.

    A failure counts as fixed only if NEW looked for it and it is gone: what was refused, or not looked at, is listed as not
    seen. With -o or --format the report NEW is written, compared with OLD; --fail-on new:high fails on what is new.
    """
    places = destinations(config if config.format or config.output else evolve(config, format=FORMAT))
    earlier, later = load(old), load(new)
    if not set(earlier.accounts) & set(later.accounts):
        raise ConfigError(f"{old} is of {', '.join(earlier.accounts)}, {new} of {', '.join(later.accounts)}")
    compared = Baseline.of(earlier).compare(later)
    write(compared, places, config)

    return exit_code(compared, config)
