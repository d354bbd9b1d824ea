"""
``awsaudit merge``.
"""

from __future__ import annotations

import json

from collections.abc import Iterator
from pathlib import Path

import click

from awsaudit.cli.command import verb
from awsaudit.cli.gate import EPILOG
from awsaudit.cli.output import destinations
from awsaudit.cli.report import render
from awsaudit.cli.terminal import say
from awsaudit.config import GATE, OUTPUT, Config
from awsaudit.errors import ConfigError
from awsaudit.merge import ANYWHERE, Cell, Merger
from awsaudit.report import Report, load


_PAIR = 2


@verb(
    click.Argument(["files"], nargs=-1, required=True, type=click.Path()),
    click.Option(["--expect"], type=click.Path(), metavar="FILE", help="JSON list of what should be there."),
    sections=(OUTPUT, GATE),
    epilog=EPILOG,
)
def merge(config: Config, files: tuple[str, ...], expect: str | None) -> int:
    """
    Put the saved reports FILES together: of several accounts, or of groups of regions.

    The order does not matter. A region of an account that several of them have is taken from the one that began last.
    --expect lists account ids, or pairs of account id and region ("global" for services without regions, "*" for any); what
    is not there is named in the report, and with --strict the exit code is 3.
    """
    places = destinations(config)
    expected = tuple(_expected(Path(expect))) if expect else ()
    merger = Merger()
    for file in files:
        merger.add(load(file))
    merger.expect(expected)
    merged = merger.report()
    _tell_versions(merged, config)

    return render(merged, places, config)


def _tell_versions(report: Report, config: Config) -> None:
    versions = sorted({part.version for part in report.coverage.parts})
    if len(versions) > 1 and not config.quiet:
        text = f"the reports are of versions {', '.join(versions)} of awsaudit, whose checks may differ"
        say(text, label="warning: ", style="yellow")


def _expected(path: Path) -> Iterator[Cell]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"--expect: cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"--expect: {path} is not JSON: {error}") from None
    for item in said if isinstance(said, list) else [said]:
        pair = [item, ANYWHERE] if isinstance(item, str) else item
        if not isinstance(pair, list) or len(pair) != _PAIR or not all(isinstance(part, str) for part in pair):
            raise ConfigError(
                f"--expect: {path}: an account id or a pair of account id and region is needed, not {item!r}"
            )
        yield pair[0], pair[1]
