"""
For AWS Security Hub: the arguments of BatchImportFindings, a batch a line.

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
"""

from __future__ import annotations

import re

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Finding, Report, Severity, Status
from awsaudit.native import utc
from awsaudit.partition import GLOBAL, home_region
from awsaudit_reports.asff_type import TYPES
from awsaudit_reports.document import array
from awsaudit_reports.escape import visible_lines
from awsaudit_reports.verdict import requirements, sentence, title


MOST_FINDINGS: Final = 100
"""How many findings a batch may hold."""

# The lengths are those of the reference; Security Hub counts bytes.
_LONGEST: Final = {
    "Id": 512,
    "GeneratorId": 512,
    "AccountName": 50,
    "Title": 256,
    "Description": 1024,
    "Recommendation": 512,
    "ProductField": 2048,
    "Note": 512,
    "Tag": 256,
}
_MOST_TAGS: Final = 50
_MOST_REQUIREMENTS: Final = 32
_TAG: Final = re.compile(r"(?!aws:)[\w\s+\-=.:/@]{1,128}")

_SEVERITIES: Final = {
    Severity.INFO: "INFORMATIONAL",
    Severity.LOW: "LOW",
    Severity.MEDIUM: "MEDIUM",
    Severity.HIGH: "HIGH",
    Severity.CRITICAL: "CRITICAL",
}
# Security Hub archives by itself what is NOT_AVAILABLE; "some information is missing" is WARNING.
_COMPLIANCE: Final = {Status.PASS: "PASSED", Status.FAIL: "FAILED", Status.UNKNOWN: "WARNING"}


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return *report* as an array of batches, one a line, each for one account and region and with 100 findings at most.

    Failures are active, with accepted ones suppressed; failures of the baseline are archived if they are fixed, and left as
    they are if the scan can tell nothing of them. Unknown verdicts are active. Options: ``show_pass``, passes, too.
    """
    statuses = {Status.FAIL, Status.UNKNOWN, *([Status.PASS] if options.get("show_pass") else [])}
    batches: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for place, one in _findings(report, statuses):
        batches.setdefault(place, []).append(one)
    parts = (
        {"Findings": found[start : start + MOST_FINDINGS]}
        for _, found in sorted(batches.items())
        for start in range(0, len(found), MOST_FINDINGS)
    )

    return array(parts)


def _findings(report: Report, statuses: set[Status]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    unseen = {finding.fingerprint for finding in report.changes.unseen} if report.changes else set()
    for finding in report.findings:
        if finding.status in statuses and finding.fingerprint not in unseen:
            yield (finding.account, _region(report, finding)), _finding(report, finding)
    for finding in report.changes.fixed if report.changes else ():
        yield (finding.account, _region(report, finding)), _finding(report, finding, fixed=True)


def _region(report: Report, finding: Finding) -> str:
    service = finding.check_id.partition("-")[0]
    return home_region(report.partition, service) if finding.region == GLOBAL else finding.region


def _finding(report: Report, finding: Finding, *, fixed: bool = False) -> dict[str, Any]:
    region, finished = _region(report, finding), utc(report.finished)
    created = finding.first_seen or utc(report.changes.since if fixed and report.changes else report.started)
    severity = _SEVERITIES[Severity.INFO if finding.status is Status.PASS else finding.severity]
    return {
        "SchemaVersion": "2018-10-08",
        "Id": finding.fingerprint,
        "ProductArn": f"arn:{report.partition}:securityhub:{region}:{finding.account}:product/{finding.account}/default",
        "ProductName": "awsaudit",
        "CompanyName": "awsaudit",
        "GeneratorId": _cut(finding.check_id, "GeneratorId"),
        "AwsAccountId": finding.account,
        "AwsAccountName": _cut(report.account_names.get(finding.account, "").strip(), "AccountName") or None,
        "CreatedAt": created,
        "UpdatedAt": finished,
        "FirstObservedAt": finding.first_seen,
        "LastObservedAt": None if fixed else finished,
        "Title": _cut(title(report, finding.check_id), "Title"),
        "Description": _cut(sentence(finding) or finding.check_id, "Description"),
        "FindingProviderFields": {
            "Severity": {"Label": severity, "Original": str(finding.severity)},
            "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        },
        "Resources": [_resource(report, finding)],
        "Compliance": _compliance(report, finding, fixed=fixed),
        "Remediation": _remediation(report, finding),
        "ProductFields": _fields(report, finding),
        "RecordState": "ARCHIVED" if fixed else "ACTIVE",
        **_suppressed(finding, finished),
    }


def _resource(report: Report, finding: Finding) -> dict[str, Any]:
    tags = {
        key: value
        for key, value in sorted(finding.resource.tags.items())
        if _TAG.fullmatch(key) and value.strip() and len(value.encode("utf-8", "replace")) <= _LONGEST["Tag"]
    }
    return {
        "Type": TYPES.get(finding.resource.type, "Other"),
        "Id": _cut(finding.resource.arn or finding.resource.type, "Id"),
        "Partition": report.partition,
        "Region": _region(report, finding),
        "Tags": dict(list(tags.items())[:_MOST_TAGS]) or None,
    }


def _compliance(report: Report, finding: Finding, *, fixed: bool) -> dict[str, Any]:
    behind = list(requirements(report.checks.get(finding.check_id)))
    return {
        "Status": "PASSED" if fixed else _COMPLIANCE[finding.status],
        "RelatedRequirements": behind[:_MOST_REQUIREMENTS] or None,
    }


def _remediation(report: Report, finding: Finding) -> dict[str, Any] | None:
    info = report.checks.get(finding.check_id)
    if info is None or not info.remediation.strip():
        return None

    return {"Recommendation": {"Text": _cut(info.remediation, "Recommendation"), "Url": info.url or None}}


def _fields(report: Report, finding: Finding) -> dict[str, str]:
    fix = finding.fix or ""
    fields = {
        "awsaudit/CheckId": finding.check_id,
        "awsaudit/Version": report.tool_version,
        "awsaudit/ResourceType": finding.resource.type,
        "awsaudit/SubKey": finding.sub_key,
        "awsaudit/Expected": finding.expected or "",
        "awsaudit/Found": finding.found or "",
        # Half a command is worse than none.
        "awsaudit/Fix": fix if len(fix.encode("utf-8", "replace")) <= _LONGEST["ProductField"] else "",
        "awsaudit/MissingPermissions": " ".join(sorted({action for gap in finding.gaps for action in gap.grants})),
    }
    return {name: _cut(value, "ProductField") for name, value in fields.items() if value.strip()}


def _suppressed(finding: Finding, now: str) -> dict[str, Any]:
    accepted = finding.suppression
    if accepted is None:
        return {}
    text = _cut(f"accepted until {accepted.expires}: {accepted.reason}", "Note")

    return {
        "Workflow": {"Status": "SUPPRESSED"},
        "Note": {"Text": text, "UpdatedBy": accepted.owner or "awsaudit", "UpdatedAt": now},
    }


def _cut(text: str, kind: str) -> str:
    shown, room = visible_lines(text), _LONGEST[kind]
    data = shown.encode()
    if len(data) <= room:
        return shown

    return data[: room - len("…".encode())].decode(errors="ignore") + "…"
