"""
Reports of one scope, run after run, below one place in S3: by day, and the latest, which the next run is compared with.

::

    account=111122223333/latest.json
    account=111122223333/date=2026-11-24/111122223333-20261124T030012Z.json
                                         111122223333-20261124T030012Z.html
                                         111122223333-20261124T030012Z.jsonl.gz
"""

from __future__ import annotations

import gzip

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from awsaudit.change import Baseline
from awsaudit.errors import ReportError
from awsaudit.native import read_native
from awsaudit.report import Report
from awsaudit.storage import NOTHING, Bucket, Location


LATEST: Final = "latest.json"

_TRIES: Final = 5
"""How often a run that is overtaken looks again."""

# JSON Lines are for machines that read much; Athena and jq take them compressed.
_PACKED: Final = frozenset({"jsonl"})


@frozen
class Latest:
    """
    The report that a run is compared with.

    Args:
        report: The report.

        tag: Which version of the object it was.
    """

    report: Report
    tag: str


class Archive:
    """
    The reports of one account, or of one organization.

    Args:
        bucket: Where they are.

        prefix: What their keys begin with.
    """

    def __init__(self, bucket: Bucket, prefix: str) -> None:
        self._bucket = bucket
        self._place = Location(bucket.name, prefix)

    def latest(self) -> Latest | None:
        """
        Return the latest report; None before the first.

        Raises:
            ConfigError: It may not be read.
            ReportError: It is there and is no report.
        """
        where = self._place / LATEST
        stored = self._bucket.read(where.key)

        return None if stored is None else Latest(decoded(stored.data, str(where)), stored.tag)

    def keep(self, report: Report, name: str, formats: Iterable[str]) -> tuple[str, ...]:
        """
        Write *report* under the day on which it began, and return the keys; what is there is replaced.

        Args:
            report: The report.

            name: What tells it from others of the day.

            formats: Names of formats.

        Raises:
            ConfigError: It may not be written.
            PluginError: There is no such format.
        """
        folder = self._place / f"date={report.started:%Y-%m-%d}"
        keys = []
        for format_ in formats:
            packed = format_ in _PACKED
            data = report.encoded(format_)
            place = folder / f"{name}.{format_}{'.gz' if packed else ''}"
            self._bucket.write(place.key, gzip.compress(data, mtime=0) if packed else data)
            keys.append(place.key)

        return tuple(keys)

    def advance(self, report: Report, before: Latest | None) -> bool:
        """
        Make *report* the latest, unless a later one is.

        Args:
            report: The report.

            before: What `latest` said before.

        Returns:
            Whether it is the latest now.

        Raises:
            ConfigError: It may not be written.
        """
        key = (self._place / LATEST).key
        for _ in range(_TRIES):
            tag = before.tag if before else NOTHING
            if self._bucket.write(key, report.encoded("json"), replacing=tag):
                return True
            before = self.latest()
            if before is not None:
                if not _precedes(before.report, report):
                    return False
                report = Baseline.of(before.report).compare(report)

        return False


def _precedes(earlier: Report, later: Report) -> bool:
    return (earlier.started, earlier.finished) < (later.started, later.finished)


def decoded(data: bytes, where: str) -> Report:
    """
    Return the report that *data* holds as JSON or JSON Lines.

    Args:
        data: The bytes of an object, compressed or not.

        where: What errors call it.

    Raises:
        ReportError: It is none.
    """
    try:
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode()
        return Report.from_json(read_native(text))
    except ReportError as error:
        raise ReportError(f"{where}: {error}") from error
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{where} is not a report of awsaudit: {type(error).__name__}") from error
