"""
What earlier scans found, in one SQLite file.

It remembers how much failed, run by run and check by check, and every failure that was not yet seen to be gone, so that it
serves as a baseline, too. The file is in WAL mode: a report may be read while another scan is recorded.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from attrs import evolve, field, frozen

from awsaudit.change import Baseline, Tally
from awsaudit.check import Finding, Severity, Status
from awsaudit.errors import ReportError
from awsaudit.native import converter, finding_to_json, utc
from awsaudit.report import Report


VERSION: Final = 1
COMPARABLE: Final = 0.9
"""Which part of the checks of a scan another one has to have run to stand in one line with it."""

_SCHEMA: Final = """
create table run (
    id text primary key,
    accounts text not null,
    regions text not null,
    narrowed integer not null,
    complete integer not null,
    started text not null,
    finished text not null,
    checks text not null
) strict;
create table verdict (
    run text not null references run (id) on delete cascade,
    check_id text not null,
    severity text not null,
    failed integer not null,
    unknown integer not null,
    primary key (run, check_id, severity)
) strict, without rowid;
create table failure (
    fingerprint text primary key,
    account text not null,
    first_seen text not null,
    last_seen text not null,
    fixed text,
    finding text not null
) strict, without rowid;
create index failure_open on failure (account) where fixed is null;
"""


@frozen
class Run:
    """
    One recorded scan.

    Args:
        id: The scan.

        accounts: Its accounts.

        regions: Its regions.

        finished: When it ended, UTC.

        checks: How many checks ran.

        complete: Whether it ran to its end without a crash.

        narrowed: Whether only some resources were judged.

        failed: How many findings failed, by severity; accepted ones are left out.

        unknown: How many verdicts were unknown.
    """

    id: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    finished: datetime.datetime
    checks: int
    complete: bool
    narrowed: bool
    failed: Mapping[str, int] = field(factory=dict)
    unknown: int = 0


class History:
    """
    A file of earlier scans; it is made where there is none.

    Args:
        path: The file.

    Raises:
        ReportError: It cannot be opened, is none of awsaudit, or of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._told():
            self._database = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._database.execute("pragma journal_mode = wal")
            self._database.execute("pragma foreign_keys = on")
            self._prepare()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _prepare(self) -> None:
        (version,) = self._database.execute("pragma user_version").fetchone()
        if version > VERSION:
            raise ReportError(
                f"the history {self.path} has version {version}, which is newer; upgrade awsaudit to use it"
            )
        if version == 0:
            with self._transaction():
                (tables,) = self._database.execute("select count(*) from sqlite_schema").fetchone()
                (now,) = self._database.execute("pragma user_version").fetchone()
                if tables and not now:
                    raise ReportError(f"{self.path} is a database, but not a history of awsaudit")
                if not now:
                    for statement in filter(str.strip, _SCHEMA.split(";")):
                        self._database.execute(statement)
                    self._database.execute(f"pragma user_version = {VERSION}")

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ReportError(f"the history {self.path} cannot be used: {error}") from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._database.execute("rollback")
            raise
        self._database.execute("commit")

    def record(self, report: Report) -> None:
        """
        Remember *report*; one that is remembered already changes nothing.

        Raises:
            ReportError: The file cannot be written.
        """
        with self._told(), self._transaction():
            if self._database.execute("select 1 from run where id = ?", (report.id,)).fetchone():
                return
            self._add_run(report)
            self._add_failures(report)

    def _add_run(self, report: Report) -> None:
        self._database.execute(
            "insert into run values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                report.id,
                _words(report.accounts),
                _words(report.regions),
                report.narrowed,
                report.complete,
                utc(report.started),
                utc(report.finished),
                _words(report.checks),
            ),
        )
        counts: dict[tuple[str, str], list[int]] = {}
        for finding in (*report.failed, *report.unknown):
            count = counts.setdefault((finding.check_id, str(finding.severity)), [0, 0])
            count[finding.status is Status.UNKNOWN] += 1
        self._database.executemany(
            "insert into verdict values (?, ?, ?, ?, ?)", [(report.id, *key, *count) for key, count in counts.items()]
        )

    def _add_failures(self, report: Report) -> None:
        known = self._baseline(report)
        finished = utc(report.finished)
        if known is not None:
            changes = known.changes(report)
            self._database.executemany(
                "update failure set fixed = ? where fingerprint = ?",
                [(finished, finding.fingerprint) for finding in changes.fixed],
            )
        began = utc(report.started)
        for finding in report.with_status(Status.FAIL):
            dated = known.since(finding, finding.first_seen or began) if known else _dated(finding, began)
            self._database.execute(
                "insert into failure values (:print, :account, :first, :last, null, :finding) "
                "on conflict (fingerprint) do update set last_seen = :last, finding = :finding, fixed = null, "
                "first_seen = case when fixed is null then first_seen else :first end where :last >= last_seen "
                "and (fixed is null or :last > fixed)",
                {
                    "print": finding.fingerprint,
                    "account": finding.account,
                    "first": dated.first_seen,
                    "last": finished,
                    "finding": json.dumps(finding_to_json(dated), separators=(",", ":")),
                },
            )

    def baseline(self, report: Report) -> Baseline | None:
        """
        Return the failures that were not seen to be gone, of the accounts of *report*; None before the first scan.

        Raises:
            ReportError: The file cannot be read.
        """
        with self._told():
            return self._baseline(report)

    def _baseline(self, report: Report) -> Baseline | None:
        runs = [
            run for run in self._runs() if set(run.accounts) & set(report.accounts) and run.finished <= report.finished
        ]
        if not runs:
            return None
        marks = ", ".join("?" * len(report.accounts))
        rows = self._database.execute(
            f"select fingerprint, finding from failure where fixed is null and last_seen <= ? and account in ({marks})",  # noqa: S608 - marks only
            (utc(report.finished), *report.accounts),
        )
        failures = {mark: converter().structure(json.loads(text), Finding) for mark, text in rows}

        return Baseline(runs[-1].id, runs[-1].finished, failures)

    def runs(self, account: str | None = None) -> tuple[Run, ...]:
        """
        Return the recorded scans, oldest first.

        Args:
            account: Only those of this account.

        Raises:
            ReportError: The file cannot be read.
        """
        with self._told():
            return tuple(run for run in self._runs() if account is None or account in run.accounts)

    def _runs(self) -> Iterator[Run]:
        counts = self._counts(None)
        for row in self._database.execute(
            "select id, accounts, regions, finished, checks, complete, narrowed from run order by finished, id"
        ):
            id_, accounts, regions, finished, checks, complete, narrowed = row
            failed, unknown = counts.get(id_, ({}, 0))
            yield Run(
                id=id_,
                accounts=tuple(accounts.split()),
                regions=tuple(regions.split()),
                finished=datetime.datetime.fromisoformat(finished),
                checks=len(checks.split()),
                complete=bool(complete),
                narrowed=bool(narrowed),
                failed=failed,
                unknown=unknown,
            )

    def _counts(self, checks: Iterable[str] | None) -> dict[str, tuple[dict[str, int], int]]:
        wanted = None if checks is None else set(checks)
        found: dict[str, tuple[dict[str, int], int]] = {}
        for run, check, severity, failed, unknown in self._database.execute("select * from verdict"):
            if wanted is None or check in wanted:
                by_severity, unknowns = found.get(run, ({}, 0))
                if failed:
                    by_severity[severity] = by_severity.get(severity, 0) + failed
                found[run] = (by_severity, unknowns + unknown)

        return found

    def trend(self, report: Report) -> tuple[Tally, ...]:
        """
        Return how much failed in earlier scans like *report*, and in it, oldest first.

        A scan is like another if it looked at the same accounts and regions, whole, and ran at least nine in ten of its
        checks. Of each only the checks count that *report* ran, too.

        Raises:
            ReportError: The file cannot be read.
        """
        with self._told():
            alike = [
                (id_, datetime.datetime.fromisoformat(finished))
                for id_, finished, checks in self._database.execute(
                    "select id, finished, checks from run where accounts = ? and regions = ? and not narrowed "
                    "and finished < ? order by finished, id",
                    (_words(report.accounts), _words(report.regions), utc(report.finished)),
                )
                if len(report.checks.keys() & set(checks.split())) >= COMPARABLE * len(report.checks)
            ]
            counts = self._counts(report.checks)
        if report.narrowed:
            return ()
        earlier = (Tally(id_, finished, *counts.get(id_, ({}, 0))) for id_, finished in alike)

        return (*earlier, report.tally())

    def lasting(self, account: str | None = None) -> Mapping[Severity, tuple[int, datetime.timedelta]]:
        """
        Return how many failures are open, by severity, and for how long the oldest has been; accepted ones are left out.

        Args:
            account: Only those of this account.

        Raises:
            ReportError: The file cannot be read.
        """
        found: dict[Severity, tuple[int, datetime.timedelta]] = {}
        with self._told():
            rows = self._database.execute(
                "select json_extract(finding, '$.severity'), count(*), min(first_seen), max(last_seen) from failure "
                "where fixed is null and json_extract(finding, '$.suppression') is null "
                "and (?1 is null or account = ?1) group by 1",
                (account,),
            )
            for severity, count, first, last in rows:
                since = datetime.datetime.fromisoformat(last) - datetime.datetime.fromisoformat(first)
                found[Severity.parse(severity)] = (count, since)

        return found


def _dated(finding: Finding, began: str) -> Finding:
    return finding if finding.first_seen else evolve(finding, first_seen=began)


def _words(words: Iterable[str]) -> str:
    return " ".join(sorted(words))
