"""
``awsaudit demo``.
"""

from __future__ import annotations

import contextlib
import threading

from attrs import evolve

from awsaudit.cli.command import verb
from awsaudit.cli.dry_run import dry_run
from awsaudit.cli.gate import EPILOG
from awsaudit.cli.output import Destination, destinations
from awsaudit.cli.scan import carry_out
from awsaudit.config import GATE, OUTPUT, SELECT, TUNE, Config
from awsaudit.errors import ConfigError
from awsaudit.scan import Scan, open_live, plan_of


REPORT = "awsaudit-report.html"


@verb(sections=(SELECT, OUTPUT, GATE, TUNE), settings=("region", "exclude-region", "save-snapshot"), epilog=EPILOG)
def demo(config: Config) -> int | None:
    """
    Run checks on the built-in example account.

    It stands in this process: no AWS account is needed, and nothing leaves the machine. Without -o the table goes to
    standard output, and the page to awsaudit-report.html.
    """
    settings = config.settings()
    plan = plan_of(settings)
    if config.dry_run:
        dry_run(plan, config)
        return None
    for output in config.output:
        if "://" in output:
            raise ConfigError(f"cannot write to {output}: nothing of the example leaves the machine")
    places = places_of(config)

    from awsaudit.demo import account  # noqa: PLC0415 - it is not part of every install

    with contextlib.ExitStack() as stack:

        def opened(cancelled: threading.Event) -> Scan:
            company = stack.enter_context(account())
            return open_live(settings, company.session, cancelled=cancelled)

        return carry_out(opened, places, config, "building the example account")


def places_of(config: Config) -> tuple[Destination, ...]:
    """Return where to write: standard output and a page, if nothing else is asked for."""
    return destinations(config if config.output else evolve(config, output=("-", REPORT)))
