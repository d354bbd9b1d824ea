"""
What AWS answered, call by call, failures included; and its file form, the snapshot.

A snapshot is gzip JSON Lines: a header, a line for each call with its answer or error, and an end line that counts them.
It holds what the facts of the scan that wrote it read, and nothing else (see `awsaudit.projection`).
"""

from __future__ import annotations

import datetime
import gzip
import json
import os
import zlib

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, Self, TextIO

from attrs import define, field, frozen

from awsaudit.errors import SnapshotError
from awsaudit.gap import GapKind
from awsaudit.projection import Tree, covers


VERSION: Final = 1
_MAGIC: Final = "awsaudit-snapshot"


@frozen(cache_hash=True)
class Request:
    """
    One question to AWS; equal requests are asked once a scan.

    Args:
        region: Where it is sent.

        service: botocore's name of the service.

        operation: The API operation.

        params: The parameters as canonical JSON; moments as ISO 8601 text.

        arguments: The same as botocore takes them.
    """

    region: str
    service: str
    operation: str
    params: str
    arguments: Mapping[str, Any] = field(eq=False, repr=False)

    @classmethod
    def of(cls, region: str, service: str, operation: str, arguments: Mapping[str, Any]) -> Self:
        """Return the request with its canonical parameters."""
        return cls(region, service, operation, json.dumps(arguments, sort_keys=True, default=_plain), arguments)


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no parameter value")


@frozen
class Failure:
    """
    What stands for an answer that did not come.

    Args:
        code: The error code, AWS's or botocore's.

        kind: What sort of failure it was.

        cause: The sort of policy that refused, where AWS says.
    """

    code: str
    kind: GapKind
    cause: str | None = None


Answer = Any | Failure


class Source(Protocol):
    """Where answers come from: AWS, or a snapshot."""

    def ask(self, request: Request) -> Answer:
        """Return AWS's answer to *request*, reduced to what the plan keeps, or the failure."""

    def close(self) -> None:
        """Let go of connections and files."""


@frozen
class Header:
    """
    What a snapshot says of itself.

    Args:
        account: The account's id.

        partition: The partition.

        regions: The regions that were scanned.

        as_of: When the scan looked, in UTC.

        tool: The version of awsaudit that wrote it.

        kept: What was kept of the answers, by ``service:operation``.
    """

    account: str
    partition: str
    regions: tuple[str, ...]
    as_of: datetime.datetime
    tool: str
    kept: Mapping[str, Tree]


class SnapshotWriter:
    """
    Writes a snapshot, readable by its owner only; whole only after `close`.

    Raises:
        SnapshotError: The file cannot be written.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._calls = 0
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.fchmod(handle, 0o600)
        except OSError as error:
            raise SnapshotError(f"cannot write the snapshot {path}: {error.strerror}") from error
        self._raw = os.fdopen(handle, "wb")
        # No name and no time in the gzip header: the same scan writes the same bytes.
        self._file = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, compresslevel=6, mtime=0)
        self._write(
            {
                "format": _MAGIC,
                "version": VERSION,
                "account": header.account,
                "partition": header.partition,
                "regions": header.regions,
                "as_of": header.as_of.isoformat(),
                "tool": header.tool,
                "kept": header.kept,
            }
        )
        self._account = header.account

    def add(self, request: Request, answer: Answer) -> None:
        """Write one call and its answer."""
        line: dict[str, Any] = {
            "account": self._account,
            "region": request.region,
            "service": request.service,
            "operation": request.operation,
            "params": json.loads(request.params),
        }
        if isinstance(answer, Failure):
            line["error"] = {"code": answer.code, "kind": answer.kind.value, "cause": answer.cause}
        else:
            line["answer"] = answer
        self._calls += 1
        self._write(line)

    def close(self) -> None:
        """Write the end line and close the file."""
        self._write({"end": self._calls})
        self._file.close()
        self._raw.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        try:
            self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        except OSError as error:
            raise SnapshotError(f"cannot write the snapshot {self._path}: {error.strerror}") from error


@define
class Snapshot:
    """
    A snapshot that was read; a `Source` of its own answers.

    A request that it does not hold, or holds less of than is needed, is a gap, not an empty answer.
    """

    header: Header
    answers: dict[Request, Answer]
    needed: Mapping[str, Tree] = field(factory=dict)

    def ask(self, request: Request) -> Answer:
        """Return the recorded answer."""
        call = f"{request.service}:{request.operation}"
        kept = self.header.kept.get(call)
        if kept is None or request not in self.answers:
            return Failure("NotInSnapshot", GapKind.UNAVAILABLE)
        answer = self.answers[request]
        if not isinstance(answer, Failure) and not covers(kept, self.needed.get(call, {})):
            return Failure("NotInSnapshot", GapKind.UNAVAILABLE)

        return answer

    def close(self) -> None:
        """Do nothing: all of the file was read."""


def read_snapshot(path: Path) -> Snapshot:
    """
    Return the snapshot in *path*.

    Raises:
        SnapshotError: There is none, it is cut short, was not written by awsaudit, or by a newer version.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return _read(path, file)
    except FileNotFoundError:
        raise SnapshotError(f"there is no snapshot {path}") from None
    except EOFError:
        raise SnapshotError(f"the snapshot {path} is cut short; write it again with --save-snapshot") from None
    except (gzip.BadGzipFile, zlib.error, UnicodeDecodeError):
        raise SnapshotError(f"{path} is not a snapshot of awsaudit, or it is damaged") from None
    except OSError as error:
        raise SnapshotError(f"cannot read the snapshot {path}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SnapshotError(f"the snapshot {path} is damaged: {error}") from error


def _read(path: Path, file: TextIO) -> Snapshot:
    lines = _lines(file)
    first = next(lines, {})
    if first.get("format") != _MAGIC:
        raise SnapshotError(f"{path} is not a snapshot of awsaudit")
    if first["version"] > VERSION:
        raise SnapshotError(
            f"{path} was written by awsaudit {first['tool']}, which is newer; upgrade awsaudit to read it"
        )
    header = Header(
        first["account"],
        first["partition"],
        tuple(first["regions"]),
        datetime.datetime.fromisoformat(first["as_of"]),
        first["tool"],
        first["kept"],
    )
    answers: dict[Request, Answer] = {}
    for line in lines:
        if "end" in line:
            if line["end"] != len(answers):
                break
            return Snapshot(header, answers)
        request = Request.of(line["region"], line["service"], line["operation"], line["params"])
        answers[request] = _answer(line)

    raise SnapshotError(f"the snapshot {path} is cut short; write it again with --save-snapshot")


def _lines(file: TextIO) -> Iterator[dict[str, Any]]:
    for line in file:
        yield json.loads(line)


def _answer(line: Mapping[str, Any]) -> Answer:
    if "error" not in line:
        return line["answer"]
    error = line["error"]

    return Failure(error["code"], GapKind(error["kind"]), error["cause"])
