"""
For pages of test results: a suite a check, a case a resource.

There is no standard; these are the elements and attributes that Jenkins, GitLab, Bitbucket Pipelines and Azure Pipelines read.
https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import datetime

from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from awsaudit import Finding, Report, Status
from awsaudit.report import Findings
from awsaudit_reports.coverage import stopped
from awsaudit_reports.escape import visible, visible_lines
from awsaudit_reports.verdict import sentence, title


_OUTCOMES: Final = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def render(report: Report, options: Mapping[str, Any]) -> str:
    """
    Return *report* as JUnit XML: a failure fails, what is unknown is an error, what is accepted or does not apply is skipped.

    A scan that ended early, and accounts and regions of which nothing was seen, are errors, too. There are no options.
    """
    del options
    seconds = (report.finished - report.started).total_seconds()
    root = ET.Element("testsuites", name="awsaudit", time=f"{seconds:.3f}", timestamp=_local(report.started))
    for check_id, findings in Findings(report.findings).by_check().items():
        suite = _suite(root, check_id, report)
        for finding in findings:
            _case(suite, finding, title(report, finding.check_id))
    _coverage(root, report)
    _count(root)
    ET.indent(root)

    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _local(moment: datetime.datetime) -> str:
    # The schema that most readers go by has no room for an offset.
    return moment.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def _suite(root: ET.Element, name: str, report: Report) -> ET.Element:
    return ET.SubElement(root, "testsuite", name=visible(name), time="0", timestamp=_local(report.started))


def _coverage(root: ET.Element, report: Report) -> None:
    # What has no verdicts at all would otherwise look like what has no problems.
    errors = [("everything was seen", "missing", str(shortfall.gap)) for shortfall in report.coverage.missing]
    if report.coverage.stopped:
        errors.append(("the scan ran to its end", report.coverage.stopped, stopped(report.coverage.stopped)))
    if errors:
        suite = _suite(root, "awsaudit", report)
        for name, type_, message in errors:
            _outcome(ET.SubElement(suite, "testcase", _named("awsaudit", name)), "error", type_, message, "")


def _named(check_id: str, name: str) -> dict[str, str]:
    return {"classname": visible(check_id), "name": visible(name), "time": "0"}


def _case(suite: ET.Element, finding: Finding, said: str) -> None:
    name = f"{finding.resource.arn} [{finding.sub_key}]" if finding.sub_key else finding.resource.arn
    place = "" if finding.region in finding.resource.arn else f" {finding.region}"
    case = ET.SubElement(suite, "testcase", _named(finding.check_id, f"{name}{place}"))
    if finding.suppression is not None:
        accepted = finding.suppression
        owner = f" ({accepted.owner})" if accepted.owner else ""
        _outcome(
            case,
            "skipped",
            "suppressed",
            f"accepted until {accepted.expires}{owner}: {accepted.reason}",
            finding.message,
        )
    elif finding.status is Status.FAIL:
        _outcome(case, "failure", str(finding.severity), sentence(finding), "\n".join(_details(finding, said)))
    elif finding.status is Status.UNKNOWN:
        _outcome(case, "error", "unknown", finding.message, "\n".join(_details(finding, said)))
    elif finding.status is Status.NOT_APPLICABLE:
        _outcome(case, "skipped", "not applicable", finding.message, "")


def _outcome(case: ET.Element, kind: str, type_: str, message: str, text: str) -> None:
    outcome = ET.SubElement(case, kind, type=visible(type_), message=visible(message))
    outcome.text = visible_lines(text) or None


def _details(finding: Finding, said: str) -> Iterator[str]:
    yield f"{said} ({finding.severity})"
    yield f"{finding.resource.type} {visible(finding.resource.arn)}"
    yield f"account {finding.account}, region {finding.region}"
    yield visible(sentence(finding))
    if finding.fix:
        yield f"To repair it: {finding.fix}"


def _count(root: ET.Element) -> None:
    for suite in root:
        suite.set("tests", str(len(suite)))
        for kind, name in _OUTCOMES.items():
            suite.set(name, str(sum(case.find(kind) is not None for case in suite)))
    for name in ("tests", *_OUTCOMES.values()):
        root.set(name, str(sum(int(suite.attrib[name]) for suite in root)))
