"""
What changed from one report to the next.

A failure counts as fixed only if it was looked for and is gone: a later scan that was refused, cut short, or never looked
there says nothing of it.
"""

from __future__ import annotations

import datetime

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from awsaudit.check import Finding, Status
from awsaudit.gap import Gap
from awsaudit.native import converter, finding_to_json, utc
from awsaudit.partition import GLOBAL


if TYPE_CHECKING:
    from awsaudit.report import Report


ANY: Final = "*"


@frozen
class Changes:
    """
    What changed since an earlier report.

    Args:
        baseline: The id of the earlier report.

        since: When the earlier scan ended, UTC.

        new: The failures that the earlier report did not have, by fingerprint; an accepted one that no longer is counts.

        fixed: The earlier failures that were looked for and are gone.

        unseen: The earlier failures of which this report can tell nothing: refused, or not looked at.
    """

    baseline: str
    since: datetime.datetime
    new: tuple[Finding, ...] = field(default=(), repr=False)
    fixed: tuple[Finding, ...] = field(default=(), repr=False)
    unseen: tuple[Finding, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values; new failures, which the report holds, by fingerprint."""
        return {
            "baseline": self.baseline,
            "since": utc(self.since),
            "new": [finding.fingerprint for finding in self.new],
            "fixed": [finding_to_json(finding) for finding in self.fixed],
            "unseen": [finding_to_json(finding) for finding in self.unseen],
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any], findings: Iterable[Finding]) -> Changes:
        """Return the changes that *plain* holds, given the *findings* of its report."""
        new = set(plain["new"])
        gone = {name: converter().structure(plain[name], tuple[Finding, ...]) for name in ("fixed", "unseen")}

        return cls(
            baseline=plain["baseline"],
            since=datetime.datetime.fromisoformat(plain["since"]),
            new=tuple(finding for finding in findings if finding.fingerprint in new) if new else (),
            fixed=gone["fixed"],
            unseen=gone["unseen"],
        )


@frozen
class Tally:
    """
    How much failed in one scan.

    Args:
        id: The scan.

        finished: When it ended, UTC.

        failed: How many findings failed, by severity; accepted ones are left out.

        unknown: How many verdicts were unknown.
    """

    id: str
    finished: datetime.datetime
    failed: Mapping[str, int]
    unknown: int


@frozen
class Baseline:
    """
    Earlier failures, to compare later reports with.

    Args:
        id: The report that they are of.

        finished: When its scan ended, UTC.

        failures: The failures by fingerprint, each with when it was first seen; those among them that the report
            remembered without seeing them.
    """

    id: str
    finished: datetime.datetime
    failures: Mapping[str, Finding] = field(repr=False)

    @classmethod
    def of(cls, report: Report) -> Baseline:
        """Return what there is to compare with in *report*."""
        remembered = report.changes.unseen if report.changes else ()
        failures = (*remembered, *(f for f in report.findings if f.status is Status.FAIL))
        began = utc(report.started)
        dated = (f if f.first_seen else evolve(f, first_seen=began) for f in failures)

        return cls(report.id, report.finished, {f.fingerprint: f for f in dated})

    def since(self, finding: Finding, found: str) -> Finding:
        """
        Return *finding* with when it was first seen, if it is a failure.

        Args:
            finding: The verdict of a later scan.

            found: When that scan began, for failures that the earlier report does not have.
        """
        if finding.status is not Status.FAIL:
            return finding
        earlier = self.failures.get(finding.fingerprint)
        first = earlier.first_seen if earlier else None

        return evolve(finding, first_seen=first or found)

    def compare(self, later: Report) -> Report:
        """Return *later* with what changed, and with when each failure was first seen."""
        began = utc(later.started)
        dated = evolve(later, findings=tuple(self.since(finding, began) for finding in later.findings))

        return evolve(dated, changes=self.changes(dated))

    def changes(self, later: Report) -> Changes:
        """Return what changed from the earlier report to *later*."""
        now = {finding.fingerprint for finding in later.findings if finding.status is Status.FAIL}
        sight = _Sight(later)
        fixed: list[Finding] = []
        unseen: list[Finding] = []
        for mark, finding in self.failures.items():
            if mark not in now:
                (fixed if sight.sees(finding) else unseen).append(finding)

        return Changes(
            baseline=self.id,
            since=self.finished,
            new=tuple(finding for finding in later.findings if self._is_new(finding)),
            fixed=tuple(fixed),
            unseen=tuple(unseen),
        )

    def _is_new(self, finding: Finding) -> bool:
        if finding.status is not Status.FAIL or finding.suppression is not None:
            return False
        earlier = self.failures.get(finding.fingerprint)
        return earlier is None or earlier.suppression is not None


class _Sight:
    """Which resources a report can tell of, failing or not."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._states: dict[tuple[str, str, str, str], set[Status]] = {}
        self._parts = {part.cell: part for part in report.coverage.parts}
        self._blind: set[tuple[str, str, str]] = set()
        for finding in report.findings:
            place = (finding.check_id, finding.account, finding.region)
            self._states.setdefault((*place, finding.resource.arn), set()).add(finding.status)
            arn = finding.resource.arn
            # A listing, or a resource whose ARN could not be read: it may be any.
            if finding.gaps and (arn.endswith(ANY) or not arn.startswith("arn:")):
                self._blind.add(place)
        self._missed: dict[str, set[str]] = {}
        for shortfall in report.coverage.shortfalls:
            self._missed.setdefault(shortfall.gap.account, set()).add(
                f"{shortfall.gap.service}:{shortfall.gap.operation}"
            )
            gap = shortfall.gap
            self._blind |= {(check, gap.account, gap.region) for check in shortfall.checks if _is_listing(gap)}

    def sees(self, finding: Finding) -> bool:
        """Tell whether the report would have *finding* if it still held."""
        place = (finding.check_id, finding.account, finding.region)
        states = self._states.get((*place, finding.resource.arn))
        if states == {Status.FAIL}:
            # Of several problems a check may name those that it saw, and say nothing of the others.
            return not self._is_touched(finding)
        if states is not None:
            return Status.UNKNOWN not in states
        # What is listed for all regions at once, as buckets are, may be unseen in every one of them.
        anywhere = (finding.check_id, finding.account, GLOBAL)

        return self._looked(finding) and place not in self._blind and anywhere not in self._blind

    def _looked(self, finding: Finding) -> bool:
        report = self._report
        if self._parts or report.coverage.missing:
            part = self._parts.get((finding.account, finding.region))
            if part is None or part.narrowed or part.stopped:
                return False
            return finding.check_id in report.checks and finding.check_id not in part.without
        looked = (
            finding.check_id in report.checks
            and finding.account in report.accounts
            and finding.region in {*report.regions, GLOBAL}
        )

        return looked and not report.narrowed and not report.coverage.stopped

    def _is_touched(self, finding: Finding) -> bool:
        """Tell whether a call that the check of *finding* may make was not answered in its account."""
        missed = self._missed.get(finding.account, set())
        if self._report.coverage.stopped or f"{ANY}:{ANY}" in missed:
            return True
        told = self._report.checks.get(finding.check_id)
        if told is None or not told.operations:
            return bool(missed)  # a report that does not say what the check asks for: it may have been any call

        return not missed.isdisjoint(told.operations)


def _is_listing(gap: Gap) -> bool:
    # The call of a single resource leaves that resource's own verdict unknown; the others stand.
    return gap.operation == ANY
