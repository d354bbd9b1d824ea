"""
One report of many: those of an organization's accounts, of groups of regions, of runs that were repeated.

What is merged are parts, a region of an account each. The later run of a part takes the place of an earlier one whole, so
that reports may be merged in any order, in any grouping and more than once: the result is the same.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve, frozen

from awsaudit.check import Finding
from awsaudit.errors import ReportError
from awsaudit.gap import CANCELLED, DEADLINE, MISSING, Gap, GapKind
from awsaudit.native import CUT_SHORT, converter, finding_to_json
from awsaudit.partition import GLOBAL, partition_of
from awsaudit.report import CheckInfo, Coverage, Part, Report, Shortfall, sort_key


Cell = tuple[str, str]
"""An account, and a region of it; ``global`` for the services without regions, ``*`` for whatever regions it has."""

ANYWHERE: Final = "*"

_ENDED: Final = (CUT_SHORT, DEADLINE, CANCELLED)
"""Why runs end early; where several did, the last of these is told."""


def merge(reports: Iterable[Report], expected: Iterable[Cell] = ()) -> Report:
    """
    Return one report of several.

    A part that several reports have, a region of an account, is taken whole from the run that began last. What was compared
    with an earlier report is left out: compare the result. Reports of other versions are merged; their parts say so.

    Args:
        reports: The reports, in any order; some may be merged ones.

        expected: The parts that should be there, as pairs of account and region: ``global`` for the services without
            regions, ``*`` for whatever regions the account has. One that is not is a shortfall of the code `gap.MISSING`.

    Raises:
        ReportError: The reports are of several partitions; or there is neither a report nor anything expected.
    """
    merger = Merger()
    for report in reports:
        merger.add(report)
    merger.expect(expected)

    return merger.report()


def absent(gaps: Iterable[Gap], partition: str, checks: Mapping[str, CheckInfo], at: datetime.datetime) -> Report:
    """
    Return the report of accounts or regions of which nothing could be seen.

    Args:
        gaps: What kept from seeing them: one for each region of each account, or one for the region ``*`` of an account.

        partition: The partition.

        checks: The checks that were to run.

        at: When it was tried, UTC.
    """
    merger = Merger()
    merger.add(Report((), partition, (), at, at, checks, (), Coverage()))
    merger.miss(gaps)

    return merger.report()


@frozen
class _Seen:
    """A part with what was found in it; *checks* are the ids of those that its run had."""

    part: Part
    checks: frozenset[str]
    findings: tuple[Finding, ...]
    shortfalls: tuple[Shortfall, ...]

    def beats(self, other: _Seen) -> bool:
        """Tell whether this is what a report of both has."""
        mine, yours = self._time, other._time
        if mine != yours:
            return mine > yours
        return self != other and self._digest > other._digest

    @property
    def _time(self) -> tuple[datetime.datetime, datetime.datetime]:
        return self.part.started, self.part.finished

    @property
    def _digest(self) -> str:
        """What settles a tie, whatever was merged first."""
        plain = [
            converter().unstructure(self.part),
            sorted(self.checks),
            [finding_to_json(finding) for finding in self.findings],
            converter().unstructure(self.shortfalls),
        ]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


class Merger:
    """Takes in reports one by one; what it holds is what their merged report does."""

    def __init__(self) -> None:
        self._partition: str | None = None
        self._seen: dict[Cell, _Seen] = {}
        self._missing: dict[Cell, dict[tuple[str, ...], Shortfall]] = {}
        self._checks: dict[str, CheckInfo] = {}
        self._types: set[str] = set()
        self._names: dict[str, str] = {}
        self._begun: list[tuple[datetime.datetime, datetime.datetime]] = []
        self._version = ""
        self._narrowed = False

    def add(self, report: Report) -> None:
        """
        Take in a report.

        Raises:
            ReportError: It is of another partition than the ones before, or has findings in none of its parts.
        """
        if self._partition not in {None, report.partition}:
            first, second = sorted((str(self._partition), report.partition))
            raise ReportError(f"reports of the partitions {first} and {second} cannot be merged")
        self._partition = report.partition
        for id_, info in report.checks.items():
            known = self._checks.get(id_)
            self._checks[id_] = info if known is None or known == info else max(known, info, key=_text)
        for account, name in report.account_names.items():
            self._names[account] = max(name, self._names.get(account, ""))
        self._types |= report.coverage.resources.keys()
        self._note(report)
        cells = _cells(report)
        for cell, seen in cells.items():
            known_cell = self._seen.get(cell)
            if known_cell is None or seen.beats(known_cell):
                self._seen[cell] = seen
        self._add_missing(report.coverage.missing)
        told = {account for account, _ in cells} | {shortfall.gap.account for shortfall in report.coverage.missing}
        self.miss(
            Gap(account, ANYWHERE, "*", "*", report.coverage.stopped or MISSING, GapKind.UNAVAILABLE)
            for account in report.accounts
            if account not in told
        )

    def miss(self, gaps: Iterable[Gap]) -> None:
        """Take in what kept from seeing accounts or regions at all."""
        self._add_missing(Shortfall(gap, 1, (), missing=True) for gap in gaps)

    def expect(self, cells: Iterable[Cell]) -> None:
        """Take in which parts should be there."""
        for account, region in cells:
            if self._partition is None:
                self._partition = partition_of(region)
            self.miss([Gap(account, region, "*", "*", MISSING, GapKind.UNAVAILABLE)])

    def report(self) -> Report:
        """
        Return the report of all that was taken in.

        Raises:
            ReportError: That was nothing.
        """
        if self._partition is None:
            raise ReportError("there is no report to merge")
        cells = [self._seen[cell] for cell in sorted(self._seen)]
        without = {checks: tuple(sorted(self._checks.keys() - checks)) for checks in {seen.checks for seen in cells}}
        parts = tuple(evolve(seen.part, without=without[seen.checks]) for seen in cells)
        missing = tuple(self._missed())
        started, finished = self._times(parts)
        found = (finding for seen in cells for finding in seen.findings)
        places = {*self._seen, *(shortfall.cell for shortfall in missing)}

        return Report(
            accounts=tuple(sorted({account for account, _ in places})),
            partition=self._partition,
            regions=tuple(sorted({region for _, region in places} - {GLOBAL, ANYWHERE})),
            started=started,
            finished=finished,
            checks=dict(sorted(self._checks.items())),
            findings=tuple(sorted(found, key=sort_key)),
            coverage=self._coverage(cells, parts, missing),
            tool_version=max((part.version for part in parts), key=_number, default=self._version),
            narrowed=any(part.narrowed for part in parts) if parts else self._narrowed,
            account_names=dict(sorted(self._names.items())),
        )

    def _note(self, report: Report) -> None:
        """Keep what a report without parts would otherwise lose."""
        began, ended = zip(*self._begun, (report.started, report.finished), strict=True)
        self._begun = [(min(began), max(ended))]
        self._version = max(self._version, report.tool_version, key=_number)
        self._narrowed = self._narrowed or report.narrowed

    def _times(self, parts: Iterable[Part]) -> tuple[datetime.datetime, datetime.datetime]:
        times = [(part.started, part.finished) for part in parts] or self._begun
        if not times:
            now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
            return now, now

        return min(began for began, _ in times), max(ended for _, ended in times)

    def _add_missing(self, shortfalls: Iterable[Shortfall]) -> None:
        for shortfall in shortfalls:
            known = self._missing.setdefault(shortfall.cell, {})
            same = known.get(shortfall.key)
            if same is None or same.calls < shortfall.calls:
                known[shortfall.key] = shortfall

    def _missed(self) -> Iterator[Shortfall]:
        """Yield what stands for the parts that are not there; that one never came says least and is told last."""
        accounts = {account for account, _ in self._seen}
        for (account, region), shortfalls in self._missing.items():
            if account in accounts if region == ANYWHERE else (account, region) in self._seen:
                continue
            reasons = [shortfall for shortfall in shortfalls.values() if shortfall.gap.code != MISSING]
            yield from reasons or shortfalls.values()

    def _coverage(self, cells: list[_Seen], parts: tuple[Part, ...], missing: tuple[Shortfall, ...]) -> Coverage:
        resources = dict.fromkeys(sorted(self._types), 0)
        for part in parts:
            for type_, number in part.resources.items():
                resources[type_] = resources.get(type_, 0) + number
        shortfalls = (*(shortfall for seen in cells for shortfall in seen.shortfalls), *missing)
        ended = {part.stopped for part in parts} | {shortfall.gap.code for shortfall in missing} & set(_ENDED)

        return Coverage(
            resources=dict(sorted(resources.items())),
            shortfalls=tuple(sorted(shortfalls, key=lambda shortfall: shortfall.key)),
            stopped=max(filter(None, ended), key=lambda why: (why in _ENDED and _ENDED.index(why), why), default=None),
            requests=sum(part.requests for part in parts),
            parts=parts,
        )


def _cells(report: Report) -> dict[Cell, _Seen]:
    """Return the parts of *report*, each with what was found in it."""
    parts = {part.cell: part for part in _parts(report)}
    findings: dict[Cell, list[Finding]] = {cell: [] for cell in parts}
    shortfalls: dict[Cell, list[Shortfall]] = {cell: [] for cell in parts}
    whose = f"the report {report.id}"
    for finding in report.findings:
        _in(findings, (finding.account, finding.region), whose).append(finding)
    for shortfall in report.coverage.shortfalls:
        if not shortfall.missing:
            _in(shortfalls, shortfall.cell, whose).append(shortfall)
    all_checks = frozenset(report.checks)
    checks = {without: all_checks.difference(without) for without in {part.without for part in parts.values()}}

    return {
        cell: _Seen(
            evolve(part, without=()),
            checks[part.without],
            tuple(findings[cell]),
            tuple(sorted(shortfalls[cell], key=lambda shortfall: shortfall.key)),
        )
        for cell, part in parts.items()
    }


def _in(found: dict[Cell, list[Any]], cell: Cell, whose: str) -> list[Any]:
    if cell not in found:
        raise ReportError(f"{whose} has no part for {cell[0]} in {cell[1]}, but findings there")

    return found[cell]


def _parts(report: Report) -> Iterator[Part]:
    """Yield the parts of *report*; one that was killed before it could name them has those that it has findings of."""
    coverage = report.coverage
    if coverage.parts or coverage.missing:
        yield from coverage.parts
        return
    places = {(account, region) for account in report.accounts for region in report.regions}
    places |= {(finding.account, finding.region) for finding in report.findings}
    places |= {shortfall.cell for shortfall in coverage.shortfalls}
    for index, (account, region) in enumerate(sorted(places)):
        yield Part(
            account=account,
            region=region,
            version=report.tool_version,
            started=report.started,
            finished=report.finished,
            resources={} if index else {type_: number for type_, number in coverage.resources.items() if number},
            requests=0 if index else coverage.requests,
            stopped=coverage.stopped,
            narrowed=report.narrowed,
        )


def _text(info: CheckInfo) -> str:
    return json.dumps(converter().unstructure(info), sort_keys=True)


def _number(version: str) -> tuple[list[int], str]:
    """Return what orders versions."""
    return [int(number) for number in re.findall(r"\d+", version)], version
