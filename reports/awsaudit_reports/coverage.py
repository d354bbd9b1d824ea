"""
How much was seen, in words.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from awsaudit import Report
from awsaudit.gap import MISSING
from awsaudit.native import CUT_SHORT
from awsaudit.report import Shortfall


_STOPPED: Final = {
    "DeadlineReached": "The scan ended early, at its --timeout; what was not reached by then is unknown.",
    "Cancelled": "The scan was interrupted; what was not reached by then is unknown.",
    CUT_SHORT: "The scan was killed; what it had not written by then is missing.",
}


_NEVER: Final = {
    MISSING: "its report never came",
    "DeadlineReached": "not reached before the --timeout",
    "Cancelled": "not reached before the interruption",
}
_FEW: Final = 3


@frozen
class Unseen:
    """
    One kind of call that was not answered, wherever it was made.

    Args:
        what: The call and where, such as ``kms:GetKeyPolicy in 3 regions``.

        why: The error code, and the policy behind it where AWS says.

        calls: How many calls ended so.

        checks: How many checks it left unknown.

        repair: What would let the call through; None where nobody can tell.
    """

    what: str
    why: str
    calls: int
    checks: int
    repair: str | None

    @property
    def sentence(self) -> str:
        """What, why, and what would help."""
        checks = f"; leaves {counted(self.checks, 'check')} unknown" if self.checks else ""
        repair = f"; {self.repair}" if self.repair and not self.repair.startswith("grant ") else ""
        return f"{self.what} ({self.why}){checks}{repair}"


def unseen(report: Report) -> tuple[Unseen, ...]:
    """Return what could not be seen, that which leaves most unknown first."""
    groups: dict[tuple[str, ...], list[Shortfall]] = {}
    for shortfall in report.coverage.shortfalls:
        gap = shortfall.gap
        alike = (gap.service, gap.operation, gap.code, gap.cause or "", *(("missing",) if shortfall.missing else ()))
        groups.setdefault(alike, []).append(shortfall)
    found = (_missing(group, report) if group[0].missing else _unseen(group) for group in groups.values())

    return tuple(sorted(found, key=lambda u: (-u.checks, -u.calls, u.what)))


def _missing(shortfalls: list[Shortfall], report: Report) -> Unseen:
    """Return what is said of accounts, or regions of them, of which nothing was seen."""
    gap = shortfalls[0].gap
    accounts = sorted({shortfall.gap.account for shortfall in shortfalls})
    names = [f"{id_} ({report.account_names[id_]})" if id_ in report.account_names else id_ for id_ in accounts]
    where = (
        f"account{'s' if len(names) > 1 else ''} {', '.join(names)}"
        if len(names) <= _FEW
        else f"{len(names):,} accounts"
    )
    regions = sorted({shortfall.gap.region for shortfall in shortfalls})
    if not set(accounts) <= set(report.missing):
        where = f"{', '.join(regions) if len(regions) <= _FEW else f'{len(regions)} regions'} of {where}"
    code = f"{gap.service}:{gap.operation}, {gap.code}" if gap.operation != "*" else _NEVER.get(gap.code, gap.code)
    return Unseen(
        what=f"everything in {where}",
        why=f"{code}, by a {gap.cause}" if gap.cause else code,
        calls=sum(shortfall.calls for shortfall in shortfalls),
        checks=len(report.checks),
        repair=gap.repair,
    )


def _unseen(shortfalls: list[Shortfall]) -> Unseen:
    gap = shortfalls[0].gap
    call = "everything" if gap.operation == "*" else f"{gap.service}:{gap.operation}"
    regions = sorted({shortfall.gap.region for shortfall in shortfalls} - {"global"})
    where = ", ".join(regions) if len(regions) <= _FEW else f"{len(regions)} regions"
    return Unseen(
        what=f"{call} in {where}" if regions else call,
        why=f"{gap.code}, by a {gap.cause}" if gap.cause else gap.code,
        calls=sum(shortfall.calls for shortfall in shortfalls),
        checks=len({check for shortfall in shortfalls for check in shortfall.checks}),
        repair=gap.repair if gap.actions or not gap.cause else None,
    )


def stopped(reason: str) -> str:
    """Say that a scan ended early, and why."""
    return _STOPPED.get(reason, f"The scan ended early: {reason}.")


def short(report: Report) -> str:
    """Say in what way a report is not whole; empty where it is."""
    if report.coverage.shortfalls or report.coverage.stopped:
        return "Not everything was seen"

    return "Not everything could be decided" if report.unanswered else ""


def crashed(report: Report) -> str:
    """Say which checks failed themselves; empty where none did."""
    ids = sorted({finding.check_id for finding in report.unknown if finding.crashed})
    itself = "itself" if len(ids) == 1 else "themselves"

    return (
        f"{counted(len(ids), 'check')} failed {itself}, which is a fault of awsaudit or its pack: {', '.join(ids)}"
        if ids
        else ""
    )


def answered(report: Report) -> str:
    """Say how many checks were answered in full, and for what."""
    checks, short = len(report.checks), len(report.unanswered)
    share = f"{checks - short:,} of {counted(checks, 'check')}" if short else counted(checks, "check")
    resources = counted(sum(report.coverage.resources.values()), "resource")
    places = counted(len(report.regions), "region")
    if len(report.accounts) > 1 or report.missing:
        seen = f"{len(report.accounts) - len(report.missing):,} of " if report.missing else ""
        places += f" of {seen}{counted(len(report.accounts), 'account')}"

    return f"{share} answered in full, {resources} in {places}"


def nothing_failed(report: Report) -> str:
    """Say what it means that nothing failed."""
    if report.coverage.stopped:
        return "Nothing failed before the scan ended, which was early."
    if report.coverage.shortfalls:
        return "Nothing failed in what could be seen; not everything could."
    if report.unknown:
        return "Nothing failed in what could be decided; not everything could."
    if not report.findings:
        # What checks only look up is counted among the resources, too; what they judge has a finding.
        none = (
            "these checks judge none of the resources that were chosen"
            if report.narrowed
            else "there are no resources of the kinds that these checks judge"
        )
        return f"Nothing failed: {none}."
    if report.suppressed:
        return "Nothing failed but what is suppressed, and everything was seen."

    return "Nothing failed, and everything was seen."


def counted(number: int, noun: str) -> str:
    """Return the number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
