"""
``awsaudit scan``.
"""

from __future__ import annotations

import threading

from collections.abc import Callable

from awsaudit.cli.command import verb
from awsaudit.cli.gate import EPILOG, exit_code
from awsaudit.cli.interrupt import Interrupt
from awsaudit.cli.output import Destination, Lines, destinations, write
from awsaudit.cli.past import Past
from awsaudit.config import ACCOUNTS, GATE, OUTPUT, SELECT, SOURCE, TUNE, WHERE, Config
from awsaudit.errors import ConfigError
from awsaudit.fleet import OrganizationScan
from awsaudit.gap import CANCELLED
from awsaudit.organization import open_organization
from awsaudit.report import Report
from awsaudit.scan import Scan, open_live, open_snapshot, plan_of


@verb(sections=(WHERE, ACCOUNTS, SELECT, OUTPUT, GATE, SOURCE, TUNE), epilog=EPILOG)
def scan(config: Config) -> int | None:
    """
    Run checks on a live account or a snapshot, and write reports.

    Without -o the table goes to standard output. Nothing is changed in the account; --dry-run shows every call beforehand.
    """
    if config.snapshot is not None:
        refuse_with_snapshot(config)
    settings = config.settings()
    if config.dry_run:
        from awsaudit.cli.dry_run import dry_run  # noqa: PLC0415 - only needed here

        dry_run(plan_of(settings), config)
        return None
    places = destinations(config)

    def opened(cancelled: threading.Event) -> Scan | OrganizationScan:
        if config.snapshot is not None:
            return open_snapshot(settings, config.snapshot, cancelled=cancelled)
        plan_of(settings)  # a wrong selection is told before credentials are looked for

        from awsaudit.session import open_session  # noqa: PLC0415 - boto3 is slow to import

        if config.whose.several:
            entry = None if config.whose.role_arns else config.one_role()
            session = open_session(config.profile, entry, config.external_id if entry else None)
            return open_organization(settings, session, config.whose, cancelled=cancelled)
        session = open_session(config.profile, config.one_role(), config.external_id)
        return open_live(settings, session, cancelled=cancelled)

    return carry_out(opened, places, config)


def refuse_with_snapshot(config: Config) -> None:
    """
    Refuse flags that choose a live account.

    Raises:
        ConfigError: There is one.
    """
    for name in ("profile", "role-arn", "external-id", "org", "accounts", "save-snapshot"):
        if config.origins.get(name) == f"--{name}":
            raise ConfigError(f"--{name} goes with a live account, not with --snapshot")


def carry_out(
    opened: Callable[[threading.Event], Scan | OrganizationScan],
    places: tuple[Destination, ...],
    config: Config,
    before: str = "asking whose account it is",
) -> int:
    """
    Run a scan to its end, or to Ctrl-C; write the report and return the exit code.

    Args:
        opened: Returns the scan, which is to stop when the event is set.

        places: Where to write.

        config: The settings.

        before: What is done until there is a scan, for the progress bar.
    """
    from awsaudit.cli.log import configure  # noqa: PLC0415 - structlog is slow to import
    from awsaudit.cli.progress import Meter  # noqa: PLC0415 - the same

    configure(config)
    running: list[Scan | OrganizationScan] = []
    with Past(config) as past, Interrupt() as interrupt:
        with Meter(config, lambda: running[0].progress if running else None, before):
            current = opened(interrupt.cancelled)
            with interrupt.reporting():
                running.append(current)
                report = _report(current, places, past)
        with interrupt.reporting():
            write(report, places, config, lines=False)
            if report.coverage.stopped != CANCELLED:
                past.keep(report)

    progress = current.progress
    return exit_code(report, config, silent=0 < progress.failed == progress.answered)


def _report(current: Scan | OrganizationScan, places: tuple[Destination, ...], past: Past) -> Report:
    """Run the scan, write its lines, and return its report."""
    begun = current.report()
    past.begin(begun)
    lines = Lines(places, begun)
    report: Report | None = None
    try:
        for finding in current:
            lines.add(past.mark(finding))
        report = past.finish(current.report())
    finally:
        lines.close(report)

    return report
