"""
The findings as the page reads them: columns of numbers that point into tables of distinct values.

Texts name the resource, its account and its region by a marker, so that one sentence about a thousand resources is held
once. The page puts them back.
"""

from __future__ import annotations

import datetime
import json
import re

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

from attrs import define, field

from awsaudit import Finding, Hop, Report, Severity, Status
from awsaudit.framework import Framework, frameworks
from awsaudit.report import CheckInfo
from awsaudit_reports.console import ACCOUNT, ARN, NAME, REGION, console
from awsaudit_reports.coverage import nothing_failed
from awsaudit_reports.escape import visible, visible_lines


T = TypeVar("T", bound=Hashable)

SUPPRESSED, FIXED, UNSEEN = "suppressed", "fixed", "unseen"
"""What the page calls failures that are accepted, failures of the baseline that are gone, and those not looked for."""

SUPPRESSION_DAYS: Final = 90
"""How long after the scan a suppression lasts that the page offers."""

_STATUSES: Final = (*(status.value for status in Status), SUPPRESSED, FIXED, UNSEEN)
_HOLDS: Final = (True, False, None)
_SHORT_ID: Final = 12
_LEAST_NAME: Final = 3
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_LINE_END: Final = re.compile(r"(?<!\n)\n(?!\n)")


@define
class Table(Generic[T]):
    """Distinct values, each with its number."""

    values: list[T] = field(factory=list)
    _numbers: dict[T, int] = field(factory=dict)

    def number(self, value: T) -> int:
        """Return the number of *value*, a new one if it is new."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)

        return number


class Island:
    """What the page is given of one report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._checks: Table[str] = Table()
        self._texts: Table[str | None] = Table()
        self._texts.number(None)
        self._resources: Table[tuple[Any, ...]] = Table()
        self._hops: Table[tuple[int, ...]] = Table()
        self._paths: Table[tuple[int, ...]] = Table()
        self._paths.number(())
        self._suppressions: Table[tuple[str, str, str] | None] = Table()
        self._suppressions.number(None)
        changes = report.changes
        self._new = {finding.fingerprint for finding in changes.new} if changes else set()
        self._findings = [self._finding(finding, _status(finding)) for finding in report.findings]
        for status, gone in ((FIXED, changes.fixed), (UNSEEN, changes.unseen)) if changes else ():
            self._findings += [self._finding(finding, status) for finding in gone]
        for id_ in report.checks:
            self._checks.number(id_)

    def text(self) -> str:
        """Return JSON that is inert between script tags."""
        plain: dict[str, Any] = {
            "nothing": nothing_failed(self._report),
            "severities": [str(severity) for severity in Severity],
            "statuses": _STATUSES,
            "accounts": {visible(id_): visible(f"{id_} {name}") for id_, name in self._report.account_names.items()},
            "expires": str((self._report.finished + datetime.timedelta(SUPPRESSION_DAYS)).date()),
            "checks": [self._check(id_) for id_ in self._checks.values],
            "frameworks": [self._framework(framework) for framework in _frameworks(self._report)],
            "texts": self._texts.values,
            "resources": self._resource_columns(),
            "findings": _columns(_FINDING, self._findings),
        }
        if self._hops.values:
            plain["hops"], plain["paths"] = _columns(_HOP, self._hops.values), self._paths.values
        else:
            del plain["findings"]["path"]
        if len(self._suppressions.values) > 1:
            plain["suppressions"] = self._suppressions.values
        else:
            del plain["findings"]["suppression"]
        if self._report.changes is None:
            del plain["findings"]["new"]
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)

    def _check(self, id_: str) -> dict[str, Any]:
        info = self._report.checks.get(id_) or _bare(id_)
        return {
            "id": visible(id_),
            "title": visible(info.title),
            "service": visible(info.service),
            "why": visible_lines(_LINE_END.sub(" ", info.rationale)).replace("``", ""),
            "fix": visible_lines(_LINE_END.sub(" ", info.remediation)),
            "url": info.url if info.url.startswith("https://docs.aws.amazon.com/") else "",
            "equivalents": [visible(name) for name in info.equivalents],
        }

    def _framework(self, framework: Framework) -> dict[str, Any]:
        ran = {id_: self._checks.number(id_) for id_ in self._report.checks}
        return {
            "id": visible(framework.id),
            "title": visible(framework.title),
            "names": [visible(name) for name in framework.requirements],
            "checks": [[ran[id_] for id_ in checks if id_ in ran] for checks in framework.requirements.values()],
            "known": [len(checks) for checks in framework.requirements.values()],
        }

    def _finding(self, finding: Finding, status: str) -> tuple[Any, ...]:
        subject = finding.resource
        tags = tuple((visible(key), visible(value)) for key, value in subject.tags.items())
        names = (subject.arn, subject.name, finding.account, finding.region, subject.type)
        arn, name, account, region, type_ = map(visible, names)
        text = self._shared(arn, name, account, region)
        return (
            self._checks.number(finding.check_id),
            _STATUSES.index(status),
            int(finding.severity),
            self._resources.number((arn, name, account, region, type_, tags)),
            text([finding.message]),
            text([finding.expected]),
            text([finding.found]),
            text([finding.sub_key or None]),
            text([finding.fix], visible_lines),
            text([finding.terraform], visible_lines),
            text(finding.notes),
            text(dict.fromkeys(str(gap) for gap in finding.gaps)),
            text([finding.first_seen]),
            self._paths.number(tuple(self._hop(hop, text) for hop in finding.path)),
            self._suppression(finding),
            int(status == Status.FAIL.value and finding.fingerprint in self._new),
            finding.fingerprint[:_SHORT_ID] + ("" if status not in {FIXED, UNSEEN} else f"-{status}"),
        )

    def _suppression(self, finding: Finding) -> int:
        accepted = finding.suppression
        if accepted is None:
            return 0

        owner = visible(accepted.owner or "")
        return self._suppressions.number((visible(accepted.reason), owner, str(accepted.expires)))

    def _hop(self, hop: Hop, text: Callable[..., int]) -> int:
        return self._hops.number((text([hop.resource]), text([hop.type]), text([hop.by]), _HOLDS.index(hop.holds)))

    def _shared(self, *values: str) -> Callable[..., int]:
        """Return what numbers texts, one a line, with the resource's own *values* replaced by their markers."""
        marks = [
            (value, mark)
            for value, mark in zip(values, (ARN, NAME, ACCOUNT, REGION), strict=True)
            if len(value) >= _LEAST_NAME
        ]

        def number(texts: Iterable[str | None], show: Callable[[str], str] = visible) -> int:
            told = "\n".join(show(text) for text in texts if text is not None)
            if not told:
                return 0
            for value, mark in marks:
                told = told.replace(value, mark)
            return self._texts.number(told)

        return number

    def _resource_columns(self) -> dict[str, Any]:
        prefixes: Table[str] = Table()
        places: Table[tuple[str, str]] = Table()
        types: Table[str] = Table()
        tags: Table[tuple[tuple[str, str], ...]] = Table()
        tags.number(())
        links: Table[str | None] = Table()
        rows = []
        for arn, name, account, region, type_, tagged in self._resources.values:
            prefix, tail = _split(arn)
            rows.append(
                (
                    prefixes.number(prefix),
                    tail,
                    0 if name == tail else name,
                    places.number((account, region)),
                    types.number(type_),
                    tags.number(tagged),
                    links.number(console(arn, type_, region)),
                )
            )

        return {
            "prefixes": prefixes.values,
            "places": places.values,
            "types": types.values,
            "tagged": tags.values,
            "links": links.values,
            **_columns(_RESOURCE, rows),
        }


_FINDING: Final = (
    "check",
    "status",
    "severity",
    "resource",
    "message",
    "expected",
    "found",
    "key",
    "fix",
    "terraform",
    "notes",
    "gaps",
    "seen",
    "path",
    "suppression",
    "new",
    "id",
)
_HOP: Final = ("resource", "type", "by", "holds")
_RESOURCE: Final = ("prefix", "tail", "name", "place", "type", "tags", "link")


def _status(finding: Finding) -> str:
    return finding.status.value if finding.suppression is None else SUPPRESSED


def _frameworks(report: Report) -> list[Framework]:
    """
    Return the standards that checks of *report* stand behind.

    The report knows the requirements that its checks stand behind; what a standard asks beside them the packs know.
    """
    named: dict[str, dict[str, tuple[str, ...]]] = {}
    for info in report.checks.values():
        for id_, requirements in info.frameworks.items():
            for name in requirements:
                behind = named.setdefault(id_, {})
                behind[name] = (*behind.get(name, ()), info.id)
    known = frameworks() if named else {}
    found = []
    for id_, behind in sorted(named.items()):
        framework = known.get(id_, Framework(id_, id_, {}))
        asked = {
            name: tuple(dict.fromkeys((*framework.requirements.get(name, ()), *behind.get(name, ()))))
            for name in sorted({*framework.requirements, *behind}, key=_natural)
        }
        found.append(Framework(id_, framework.title, asked))

    return found


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts 1.2 before 1.10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _columns(names: Iterable[str], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _split(arn: str) -> tuple[str, str]:
    """Return *arn* in two parts, of which the first is shared by its like."""
    end = max(arn.rfind("/"), arn.rfind(":")) + 1
    return arn[:end], arn[end:]


def _bare(id_: str) -> CheckInfo:
    none: Mapping[str, tuple[str, ...]] = {}
    return CheckInfo(id_, id_, Severity.INFO, id_.partition("-")[0], "", "", "", "", none, ())
