"""
For security lakes and SIEMs: a Compliance Finding of the Open Cybersecurity Schema Framework for each verdict.

https://schema.ocsf.io/1.5.0/classes/compliance_finding?profiles=cloud
"""

from __future__ import annotations

import datetime

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Finding, Report, Severity, Status
from awsaudit_reports.document import array
from awsaudit_reports.verdict import requirements, sentence, title, wanted


VERSION: Final = "1.5.0"

_CATEGORY: Final = 2
_CLASS: Final = 2003
_CREATE, _CLOSE = (1, "Create"), (3, "Close")
_NEW, _SUPPRESSED, _RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")
_RULE: Final = (1, "Rule")
_AWS_ACCOUNT: Final = (10, "AWS Account")

# "Warning" is defined as no result for want of information.
_COMPLIANCE: Final = {
    Status.PASS: (1, "Pass"),
    Status.FAIL: (3, "Fail"),
    Status.UNKNOWN: (2, "Warning"),
    Status.NOT_APPLICABLE: (99, "not_applicable"),
}
_SEVERITIES: Final = {
    Severity.INFO: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_NO_SEVERITY: Final = {
    Status.PASS: (1, "Informational"),
    Status.NOT_APPLICABLE: (1, "Informational"),
    Status.UNKNOWN: (0, "Unknown"),
}


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return *report* as an array of OCSF events, one a line; times are in milliseconds since 1970.

    Failures, passes and unknown verdicts are told of, and failures of the baseline that are fixed. Options: ``status``, the
    verdicts instead of these.
    """
    statuses = wanted(options, Status.PASS, Status.FAIL, Status.UNKNOWN)

    return array(_events(report, statuses))


def _events(report: Report, statuses: tuple[Status, ...]) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        if finding.status in statuses:
            yield _event(report, finding)
    if report.changes and Status.FAIL in statuses:
        for finding in report.changes.fixed:
            yield _event(report, finding, fixed=True)


def _event(report: Report, finding: Finding, *, fixed: bool = False) -> dict[str, Any]:
    activity, activity_name = _CLOSE if fixed else _CREATE
    status, status_name = _RESOLVED if fixed else _SUPPRESSED if finding.suppression else _NEW
    severity, severity_name = _severity(finding)
    return {
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "activity_id": activity,
        "activity_name": activity_name,
        "type_uid": _CLASS * 100 + activity,
        "type_name": f"Compliance Finding: {activity_name}",
        "time": _milliseconds(report.finished),
        "severity_id": severity,
        "severity": severity_name,
        "status_id": status,
        "status": status_name,
        "status_code": "fixed" if fixed else finding.status.value,
        "status_detail": finding.message,
        "message": f"{finding.resource.name}: {finding.message}",
        "comment": _comment(finding),
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud"],
            "product": {"name": "awsaudit", "vendor_name": "awsaudit", "version": report.tool_version},
            "event_code": finding.check_id,
            "correlation_uid": report.id,
        },
        "cloud": {
            "provider": "AWS",
            "account": {
                "uid": finding.account,
                "name": report.account_names.get(finding.account, finding.account),
                "type_id": _AWS_ACCOUNT[0],
                "type": _AWS_ACCOUNT[1],
            },
            "region": finding.region,
        },
        "finding_info": _info(report, finding, fixed=fixed),
        "compliance": _compliance(report, finding, fixed=fixed),
        "resources": [_resource(report, finding)],
        "remediation": _remediation(report, finding),
        "unmapped": _unmapped(finding),
    }


def _severity(finding: Finding) -> tuple[int, str]:
    if finding.status is not Status.FAIL:
        return _NO_SEVERITY[finding.status]

    return _SEVERITIES[finding.severity]


def _milliseconds(moment: datetime.datetime) -> int:
    return round(moment.timestamp() * 1000)


def _comment(finding: Finding) -> str | None:
    accepted = finding.suppression
    if accepted is None:
        return None
    owner = f", {accepted.owner}" if accepted.owner else ""

    return f"{accepted.reason} (until {accepted.expires}{owner})"


def _info(report: Report, finding: Finding, *, fixed: bool) -> dict[str, Any]:
    first = datetime.datetime.fromisoformat(finding.first_seen) if finding.first_seen else None
    last = report.changes.since if fixed and report.changes else report.finished
    info = report.checks.get(finding.check_id)
    return {
        "uid": finding.fingerprint,
        "title": title(report, finding.check_id),
        "desc": sentence(finding),
        "types": ["Misconfiguration"],
        "created_time": _milliseconds(first or last),
        "first_seen_time": _milliseconds(first) if first else None,
        "last_seen_time": _milliseconds(last),
        "src_url": (info.url or None) if info else None,
        "analytic": {
            "uid": finding.check_id,
            "name": finding.check_id,
            "desc": info.rationale if info else None,
            "type_id": _RULE[0],
            "type": _RULE[1],
        },
    }


def _compliance(report: Report, finding: Finding, *, fixed: bool) -> dict[str, Any]:
    info = report.checks.get(finding.check_id)
    number, word = _COMPLIANCE[Status.PASS if fixed else finding.status]
    return {
        "control": finding.check_id,
        "desc": title(report, finding.check_id),
        "standards": sorted(info.frameworks) if info else [],
        "requirements": list(requirements(info)),
        "status_id": number,
        "status": word,
    }


def _resource(report: Report, finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.resource.arn,
        "name": finding.resource.name,
        "type": finding.resource.type,
        "region": finding.region,
        "cloud_partition": report.partition,
        "labels": [f"{key}:{value}" for key, value in sorted(finding.resource.tags.items())],
    }


def _remediation(report: Report, finding: Finding) -> dict[str, Any] | None:
    info = report.checks.get(finding.check_id)
    if info is None or finding.status is not Status.FAIL:
        return None
    parts = [info.remediation, *([finding.fix] if finding.fix else [])]

    return {"desc": "\n".join(filter(None, parts)) or info.title, "references": [info.url] if info.url else []}


def _unmapped(finding: Finding) -> dict[str, Any]:
    return {
        "expected": finding.expected,
        "found": finding.found,
        "fix": finding.fix,
        "terraform": finding.terraform,
        "sub_key": finding.sub_key or None,
        "notes": list(finding.notes) or None,
        "missing_permissions": sorted({action for gap in finding.gaps for action in gap.grants}) or None,
    }
