"""
For GitHub code scanning and other viewers of SARIF 2.1.0: a run an account, a rule a check, a result a failure.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import operator

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from attrs import field, frozen

from awsaudit import Finding, Report, Severity
from awsaudit.native import utc
from awsaudit.report import CheckInfo
from awsaudit_reports.coverage import counted, crashed, stopped, unseen
from awsaudit_reports.document import document
from awsaudit_reports.escape import shortened, visible
from awsaudit_reports.verdict import requirements, sentence, worst_first


SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# What GitHub takes at most: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
MOST_RESULTS: Final = 25_000
MOST_RUNS: Final = 20
_MOST_TAGS: Final = 10
_LONGEST_TEXT: Final = 1_000

_LONGEST_SEGMENT: Final = 120
_MOST_NOTICES: Final = 100

_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# GitHub reads critical from above 9.0, high from 7.0, medium from 4.0, low from 0.1.
_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}


@frozen
class _Run:
    """
    What goes into one run.

    Args:
        name: The account, or what stands for many.

        findings: The failures to tell of, the worst first, accepted ones last.

        left_out: How many there are beyond what GitHub takes.

        rules: The rules by id.

        states: Which failures are ``new`` or ``unseen`` since the baseline, by fingerprint; None without one.
    """

    name: str
    findings: tuple[Finding, ...]
    left_out: int
    rules: Mapping[str, dict[str, Any]] = field(repr=False)
    states: Mapping[str, str] | None = field(repr=False)


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return the failures of *report* as SARIF 2.1.0.

    Accepted failures carry their suppression. Earlier failures of which the scan can tell nothing are still told of, so that
    nobody takes them for fixed. What was not seen, and how many verdicts are unknown, stands in the notifications of the
    invocation. There are no options.
    """
    del options
    runs = [_run_json(report, run) for run in _runs(report)]

    return document({"$schema": SCHEMA, "version": "2.1.0", "runs": runs})


def _runs(report: Report) -> Iterator[_Run]:
    unseen_before = report.changes.unseen if report.changes else ()
    told = (*report.failed, *unseen_before)
    ordered = [*worst_first(told), *worst_first(report.suppressed)]
    # An account of which nothing was seen has no run, since an empty one would close its alerts.
    names = sorted({*report.accounts} - {*report.missing} | {finding.account for finding in ordered})
    if len(names) > MOST_RUNS:
        yield _run(report, "all", ordered)
        return
    for name in names:
        yield _run(report, name, [finding for finding in ordered if finding.account == name])


def _run(report: Report, name: str, findings: list[Finding]) -> _Run:
    kept = tuple(findings[:MOST_RESULTS])
    rules = {id_: _rule(id_, info, info.severity) for id_, info in sorted(report.checks.items())}
    for finding in sorted(kept, key=operator.attrgetter("check_id", "severity")):
        id_ = _rule_id(report, finding)
        if id_ not in rules:
            rules[id_] = _rule(id_, report.checks.get(finding.check_id), finding.severity)

    return _Run(name, kept, len(findings) - len(kept), rules, _states(report))


def _states(report: Report) -> dict[str, str] | None:
    if report.changes is None:
        return None
    new = {finding.fingerprint: "new" for finding in report.changes.new}

    return new | {finding.fingerprint: "unseen" for finding in report.changes.unseen}


def _rule_id(report: Report, finding: Finding) -> str:
    # A rule has one severity at GitHub, while a check may grade what it finds.
    info = report.checks.get(finding.check_id)
    graded = info is not None and info.severity is not finding.severity

    return f"{finding.check_id}/{finding.severity}" if graded else finding.check_id


def _rule(id_: str, info: CheckInfo | None, severity: Severity) -> dict[str, Any]:
    tags = ["security"]
    rule: dict[str, Any] = {"id": id_, "defaultConfiguration": {"level": _LEVELS[severity]}}
    if info is not None:
        tags += [info.service, *sorted(info.frameworks)]
        rule |= {
            "shortDescription": {"text": info.title},
            "fullDescription": {"text": shortened(" ".join((info.rationale or info.title).split()), _LONGEST_TEXT)},
            "help": _help(info),
            "helpUri": info.url or None,
        }
    score = {"security-severity": _SCORES[severity]} if severity in _SCORES else {}

    return rule | {"properties": {"tags": tags[:_MOST_TAGS], "precision": "very-high", **score}}


def _help(info: CheckInfo) -> dict[str, str]:
    behind = ", ".join(requirements(info))
    text = "\n\n".join(
        filter(None, [info.rationale, info.remediation, info.url, behind and f"Stands behind {behind}."])
    )

    return {"text": text or info.title}


def _run_json(report: Report, run: _Run) -> dict[str, Any]:
    places = {id_: place for place, id_ in enumerate(run.rules)}
    driver = {
        "name": "awsaudit",
        "version": report.tool_version,
        "rules": list(run.rules.values()),
        "notifications": [{"id": "coverage", "shortDescription": {"text": "What the scan could not see"}}],
    }
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"awsaudit/{_segment(run.name)}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": report.complete,
                "startTimeUtc": utc(report.started),
                "endTimeUtc": utc(report.finished),
                "toolExecutionNotifications": list(_notices(report, run)),
            }
        ],
        "results": [_result(report, run, finding, places) for finding in run.findings],
    }


def _notices(report: Report, run: _Run) -> Iterator[dict[str, Any]]:
    said = [f"not seen: {one.sentence}" for one in unseen(report)[:_MOST_NOTICES]]
    if report.coverage.grants:
        said.append(f"to see it, grant {', '.join(report.coverage.grants)}")
    if report.unknown:
        said.append(f"unknown verdicts: {len(report.unknown):,}; the json report names them")
    if report.coverage.stopped:
        said.append(stopped(report.coverage.stopped))
    if crashed(report):
        said.append(crashed(report))
    if run.left_out:
        said.append(f"{counted(run.left_out, 'result')} beyond {MOST_RESULTS:,} left out, the least severe ones")
    yield from ({"level": "warning", "descriptor": {"id": "coverage"}, "message": {"text": _text(s)}} for s in said)


def _result(report: Report, run: _Run, finding: Finding, places: Mapping[str, int]) -> dict[str, Any]:
    id_, mark = _rule_id(report, finding), finding.fingerprint
    state = None if run.states is None else run.states.get(mark, "unchanged")
    return {
        "ruleId": id_,
        "ruleIndex": places[id_],
        "kind": "fail",
        "level": _LEVELS[finding.severity],
        "message": {"text": _text("\n\n".join(_said(finding, state)))},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": location(finding)}, "region": {"startLine": 1}},
                "logicalLocations": [
                    {"fullyQualifiedName": finding.resource.arn, "name": finding.resource.name, "kind": "resource"}
                ],
            }
        ],
        # GitHub reads the first only, and has it end in the number of the occurrence.
        "partialFingerprints": {"primaryLocationLineHash": f"{mark}:1", "awsaudit/v1": mark},
        "baselineState": "unchanged" if state == "unseen" else state,
        "suppressions": _suppressions(finding),
        "properties": _properties(finding),
    }


def _said(finding: Finding, state: str | None) -> Iterator[str]:
    yield f"{finding.resource.name}: {sentence(finding)}"
    if state == "unseen":
        yield "An earlier scan found this; the present one could not see whether it still holds."
    if finding.fix:
        yield f"To repair it: {finding.fix}"


def _text(message: str) -> str:
    # In a plain-text message "[words](target)" is a link, unless the bracket is escaped (SARIF 2.1.0, 3.11.6).
    return message.replace("](", "\\](")


def location(finding: Finding) -> str:
    """Return where a finding stands: ``aws/<account>/<region>/<service>/<name>``, a relative path of plain segments."""
    parts = finding.resource.type.split("::")
    service = parts[1].lower() if len(parts) > 1 and parts[1] else finding.check_id.partition("-")[0]
    name = finding.resource.name or finding.resource.arn

    return "/".join(["aws", *map(_segment, (finding.account, finding.region, service, name))])


def _segment(name: str) -> str:
    # Encoded dots still mean "here" and "above" to whoever resolves the path.
    plain = shortened(visible(name), _LONGEST_SEGMENT) or "_"
    return quote(plain, safe="") if plain.strip(".") else plain.replace(".", "_")


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    accepted = finding.suppression
    if accepted is None:
        return []
    owner = f"; {accepted.owner}" if accepted.owner else ""

    return [
        {
            "kind": "external",
            "status": "accepted",
            "justification": f"{accepted.reason} (until {accepted.expires}{owner})",
        }
    ]


def _properties(finding: Finding) -> dict[str, Any]:
    steps = [" ".join(filter(None, [hop.resource, hop.by and f"({hop.by})"])) for hop in finding.path]
    return {
        "severity": str(finding.severity),
        "account": finding.account,
        "region": finding.region,
        "resourceType": finding.resource.type,
        "expected": finding.expected,
        "found": finding.found,
        "fix": finding.fix,
        "firstSeen": finding.first_seen,
        "path": steps or None,
    }
