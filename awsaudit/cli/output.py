"""
Where reports go, and in which format.
"""

from __future__ import annotations

import os
import sys

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from awsaudit.check import Finding, Status
from awsaudit.cli.terminal import colored, columns, out, say
from awsaudit.config import Config
from awsaudit.errors import AuditError, ConfigError, PluginError
from awsaudit.native import LineWriter
from awsaudit.plugins import load_format, load_formats
from awsaudit.report import Report, format_of
from awsaudit.selection import nearest
from awsaudit.storage import SCHEME, Bucket, Location


STDOUT: Final = "-"
_LINES: Final = "jsonl"


@frozen
class Destination:
    """
    One place that a report goes to.

    Args:
        path: The file or the object in S3; None for standard output.

        format: The name of the format.
    """

    path: Path | Location | None
    format: str


def destinations(config: Config) -> tuple[Destination, ...]:
    """
    Return where to write; found out before a scan, so that no scan is lost to a slip of the pen.

    Raises:
        ConfigError: There is no such format or folder, or the file cannot be written.
        PluginError: The format cannot be loaded.
    """
    if config.format is not None and config.format not in load_formats():
        raise ConfigError(f"there is no report format {config.format!r}{nearest(config.format, load_formats())}")
    found = tuple(dict.fromkeys(_destination(output, config.format) for output in config.output or (STDOUT,)))
    used = any(place.path is None or place.format == config.format for place in found)
    if config.format is not None and not used and config.origins.get("format") == "--format":
        raise ConfigError(
            "--format says how to write standard output; files go by their suffix. Add `-o -` to have both"
        )

    for place in found:
        load_format(place.format)
        if isinstance(place.path, Location):
            _bucket(place.path, config).probe(place.path.key)

    return found


def _bucket(location: Location, config: Config) -> Bucket:
    from awsaudit.session import open_session  # noqa: PLC0415 - boto3 is slow to import

    # Reports go where whoever runs the scan may write, not where a role in a scanned account may.
    return Bucket(open_session(config.profile), location.bucket)


def _destination(output: str, format_: str | None) -> Destination:
    if output == STDOUT:
        return Destination(None, format_ or "table")
    if output.startswith(SCHEME):
        return _object(Location.parse(output), format_)
    if "://" in output:
        raise ConfigError(f"cannot write to {output}: a file, s3://bucket/key or - is needed")
    path = Path(output).expanduser()
    if path.is_dir():
        raise ConfigError(f"cannot write {path}: it is a folder; name a file in it, such as {path / 'report.html'}")
    if not path.parent.is_dir():
        raise ConfigError(f"cannot write {path}: there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ConfigError(f"cannot write {path}: permission denied")

    return _by_suffix(path, path, format_)


def _object(location: Location, format_: str | None) -> Destination:
    if not location.key or location.key.endswith("/"):
        raise ConfigError(f"cannot write {location}: name an object, such as {location / 'report.html'}")

    return _by_suffix(location, Path(location.key), format_)


def _by_suffix(place: Path | Location, named: Path, format_: str | None) -> Destination:
    try:
        return Destination(place, format_of(named))
    except ConfigError:
        if format_ is None:
            raise
        return Destination(place, format_)


class Lines:
    """
    Writes findings as they arrive, where JSON Lines are asked for: a scan that is killed keeps what it had.

    Args:
        places: Where to write; those of other formats are left to `write`.

        begun: The report of the scan at its beginning.

    Raises:
        ConfigError: A file cannot be written.
    """

    def __init__(self, places: Iterable[Destination], begun: Report) -> None:
        wanted = [place.path for place in places if place.format == _LINES]
        local = [path for path in wanted if not isinstance(path, Location)]
        self._writers = [LineWriter(out if path is None else path, begun) for path in local]

    def add(self, finding: Finding) -> None:
        """Write one finding."""
        for writer in self._writers:
            writer.add(finding)

    def close(self, report: Report | None) -> None:
        """Write how the scan ended; without a *report* the lines say that it did not."""
        for writer in self._writers:
            writer.close(report)


def write(report: Report, places: Iterable[Destination], config: Config, *, lines: bool = True) -> None:
    """
    Write *report* everywhere; a place that fails keeps the others from nothing.

    Args:
        report: The report.

        places: Where to.

        config: The settings.

        lines: Whether to write JSON Lines, too; they may be there already.

    Raises:
        ConfigError: A file could not be written.
        PluginError: A format failed.
    """
    ordered = sorted(places, key=lambda place: place.path is None)
    failures: list[AuditError] = []
    written = []
    for place in ordered:
        try:
            if lines or place.format != _LINES or isinstance(place.path, Location):
                _write(report, place, config)
            written.append(place)
        except AuditError as error:
            failures.append(error)
    if not config.quiet:
        # Below the table, which may be long.
        for place in written:
            if place.path is not None:
                say(f"wrote {place.path}")
    if not config.quiet and all(place.path for place in ordered):
        say(summary(report))
    if failures:
        raise failures[0]


def _write(report: Report, place: Destination, config: Config) -> None:
    try:
        if place.path is None:
            out(report.render(place.format, _options(config, stdout=True)))
            return
        options = _options(config, stdout=False)
        if isinstance(place.path, Location):
            _bucket(place.path, config).write(place.path.key, report.encoded(place.format, options))
            return
        report.write(place.path, place.format, options)
    except AuditError:
        raise
    except Exception as error:  # a format is a plugin
        raise PluginError(f"the report format {place.format!r} failed: {type(error).__name__}: {error}") from error


def _options(config: Config, *, stdout: bool) -> dict[str, Any]:
    """Return what the formats take; each uses what concerns it."""
    options: dict[str, Any] = {"show_pass": config.show_pass}
    if config.status:
        options["status"] = config.status
    if config.group:
        options["group"] = config.group
    if stdout:
        options |= {"width": columns(sys.stdout), "color": colored(sys.stdout, config.color)}

    return options


def summary(report: Report) -> str:
    """Return one line on *report*."""
    failed = report.failed
    by_severity = ", ".join(f"{len(found)} {severity}" for severity, found in failed.by_severity().items())
    parts = [
        f"{len(failed)} failed ({by_severity})" if failed else "nothing failed",
        f"{len(report.suppressed)} suppressed" if report.suppressed else "",
        f"{len(report.passed)} passed",
        f"{len(report.unknown)} unknown" if report.unknown else "",
        f"{len(report.with_status(Status.NOT_APPLICABLE))} not applicable",
    ]
    changes = report.changes
    if changes is not None:
        parts.insert(0, f"{len(changes.new)} new, {len(changes.fixed)} fixed")
    seconds = round((report.finished - report.started).total_seconds())

    return f"{' · '.join(filter(None, parts))} · {len(report.checks)} checks, {seconds} s"
