"""
The native form of a report: plain JSON values, in one document or in lines.

The lines are for findings as they arrive: a header of the record ``scan``, a ``finding`` each, and an ``end`` with what was
only known then. A scan that was killed keeps what it had, and reads as stopped.
"""

from __future__ import annotations

import datetime
import functools
import json

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from awsaudit.check import Finding, Severity, Status
from awsaudit.errors import ConfigError
from awsaudit.gap import GapKind


if TYPE_CHECKING:
    from cattrs import Converter

    from awsaudit.report import Report


CUT_SHORT: Final = "CutShort"
"""Why a scan ended early whose lines have no end."""

_LATE: Final = ("changes", "trend")

LEFT_OUT: Final = ("path", "suppression")
"""The members of a finding that are left out where they are empty, as they are for most."""


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return *finding* as plain JSON values, its fingerprint first."""
    plain: dict[str, Any] = converter().unstructure(finding)
    kept = {name: value for name, value in plain.items() if value or name not in LEFT_OUT}

    return {"fingerprint": finding.fingerprint, **kept}


def utc(moment: datetime.datetime) -> str:
    """Return *moment* as ISO 8601 in UTC, with the letter Z."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


@functools.cache
def converter() -> Converter:
    """Return what makes plain values of what a report is made of, and back."""
    from cattrs import Converter  # noqa: PLC0415 - slow to import, and only needed to read and write

    made = Converter()
    made.register_unstructure_hook(Severity, str)
    made.register_structure_hook(Severity, lambda word, _: Severity.parse(word))
    made.register_unstructure_hook(GapKind, lambda kind: kind.value)
    made.register_unstructure_hook(Status, lambda status: status.value)
    made.register_unstructure_hook(datetime.date, datetime.date.isoformat)
    made.register_structure_hook(datetime.date, lambda day, _: datetime.date.fromisoformat(day))
    made.register_unstructure_hook(datetime.datetime, utc)
    made.register_structure_hook(datetime.datetime, lambda moment, _: datetime.datetime.fromisoformat(moment))

    return made


class LineWriter:
    """
    Writes findings as JSON Lines while they arrive; each line is there as soon as it is added.

    Args:
        to: The file, which is replaced; or what takes each line, such as ``sys.stdout.write``.

        begun: The scan's report at its beginning, for the header.

    Raises:
        ConfigError: The file cannot be written.
    """

    def __init__(self, to: str | Path | Callable[[str], object], begun: Report) -> None:
        self._name = to
        self._count = 0
        self._file = None
        try:
            # Unbuffered: a line is one write, and what was added survives the process.
            self._file = None if callable(to) else Path(to).open("wb", buffering=0)  # noqa: SIM115 - `close` closes it
        except OSError as error:
            raise ConfigError(f"cannot write {to}: {error.strerror}") from error
        self._write(_header(begun.to_json()))

    def add(self, finding: Finding) -> None:
        """Write one finding."""
        self._count += 1
        self._write({"record": "finding", **finding_to_json(finding)})

    def close(self, report: Report | None = None) -> None:
        """
        Write the end line and close the file.

        Args:
            report: The finished report; without it the lines read as those of a scan that was stopped.
        """
        if report is not None:
            self._write(_end(report.to_json(), self._count))
        if self._file:
            self._file.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        text = _dump(line)
        if callable(self._name):
            self._name(text)
        elif self._file:
            try:
                self._file.write(text.encode())
            except OSError as error:
                raise ConfigError(f"cannot write {self._name}: {error.strerror}") from error


def lines(plain: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a finished report, given as its native JSON values."""
    yield _dump(_header(plain))
    for finding in plain["findings"]:
        yield _dump({"record": "finding", **finding})
    yield _dump(_end(plain, len(plain["findings"])))


def read_native(text: str) -> Mapping[str, Any]:
    """
    Return the native JSON values that *text* holds, as one document or as lines.

    Raises:
        ValueError: It holds neither.
    """
    first, _, rest = text.partition("\n")
    try:
        header = json.loads(first)
    except ValueError:
        header = None  # a document over several lines
    plain = _joined(header, rest) if isinstance(header, dict) and "record" in header else json.loads(text)
    if not isinstance(plain, dict):
        raise ValueError("there is no object in it")  # noqa: TRY004 - it is the text that is wrong

    return plain


def _header(plain: Mapping[str, Any]) -> dict[str, Any]:
    scan = {name: value for name, value in plain["scan"].items() if name not in {"finished", "coverage"}}
    kept = {name: value for name, value in plain.items() if name not in _LATE}
    return {"record": "scan", **kept, "scan": scan, "findings": None}


def _end(plain: Mapping[str, Any], count: int) -> dict[str, Any]:
    scan = plain["scan"]
    late = {name: plain[name] for name in _LATE if name in plain}
    return {"record": "end", "findings": count, "finished": scan["finished"], "coverage": scan["coverage"], **late}


def _dump(line: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in line.items() if name != "findings" or value is not None}
    return json.dumps(kept, separators=(",", ":")) + "\n"


def _joined(header: Mapping[str, Any], rest: str) -> dict[str, Any]:
    if header["record"] != "scan":
        raise ValueError("the header line is missing")
    findings: list[dict[str, Any]] = []
    end: Mapping[str, Any] = {}
    for line in rest.splitlines(keepends=True):
        if not line.endswith("\n"):
            break  # killed in the middle of a line
        record = json.loads(line)
        if record["record"] == "end":
            end = record
        elif record["record"] == "finding" and not end:
            findings.append({name: value for name, value in record.items() if name != "record"})
        else:
            raise ValueError(f"a line of the record {record['record']!r} does not belong here")
    if end and end["findings"] != len(findings):
        raise ValueError(f"{end['findings']} findings were written, {len(findings)} are there")
    scan = header["scan"]
    coverage = end.get("coverage", {"stopped": CUT_SHORT})
    plain = {name: value for name, value in header.items() if name != "record"}
    plain |= {name: end[name] for name in _LATE if name in end}
    findings.sort(key=_order)

    return plain | {
        "scan": scan | {"finished": end.get("finished", scan["started"]), "coverage": coverage},
        "findings": findings,
    }


def _order(finding: Mapping[str, Any]) -> tuple[str, ...]:
    own = ("check_id", "account", "region")
    return (*(finding[name] for name in own), finding["resource"]["arn"], finding["sub_key"])
