import json

import pytest

from awsaudit import ConfigError, Hop, ReportError, Status, load
from awsaudit.native import LineWriter


@pytest.fixture
def report(make_report, make_finding, refusal):
    path = (Hop("internet", "internet"), Hop("orders", "AWS::SQS::Queue", "its policy", holds=False))
    return make_report(make_finding(path=path), make_finding("ledger", Status.UNKNOWN), coverage=refusal)


def test_is_a_header_a_finding_a_line_and_an_end(report):
    """
    Every line is a JSON object that says what it is.
    """
    records = [json.loads(line) for line in report.render("jsonl").splitlines()]

    assert ["scan", "finding", "finding", "end"] == [record["record"] for record in records]
    assert report.findings[0].fingerprint == records[1]["fingerprint"]


def test_reads_back(report, tmp_path):
    """
    The file holds the whole report.
    """
    report.write(tmp_path / "report.jsonl")

    assert report == load(tmp_path / "report.jsonl")


def test_writes_findings_as_they_arrive(report, tmp_path):
    """
    Whatever the order of arrival, the finished file reads as the report.
    """
    writer = LineWriter(tmp_path / "scan.jsonl", report)
    for finding in reversed(report.findings):
        writer.add(finding)
    writer.close(report)

    assert report == load(tmp_path / "scan.jsonl")


def test_keeps_what_a_killed_scan_had(report, tmp_path):
    """
    Without an end the findings are there, and the scan reads as stopped; half a line is left out.
    """
    path = tmp_path / "scan.jsonl"
    writer = LineWriter(path, report)
    writer.add(report.findings[0])
    writer.close()
    with path.open("a") as file:
        file.write('{"record":"finding","check')
    killed = load(path)

    assert (report.findings[0],) == killed.findings
    assert ("CutShort", False) == (killed.coverage.stopped, killed.complete)


def test_writes_to_a_stream(report):
    """
    Each line goes out as soon as it is known.
    """
    lines = []
    writer = LineWriter(lines.append, report)
    for finding in report.findings:
        writer.add(finding)
    writer.close(report)

    assert report.render("jsonl") == "".join(lines)


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[1], lines[3]],
        lambda lines: [*lines, lines[1]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[0], "{\n", *lines[1:]],
        lambda lines: [lines[0], "{}\n"],
        lambda _: ['{"record":"scan"}\n'],
    ],
)
def test_refuses_damaged_lines(report, tmp_path, damage):
    """
    Lines that are missing, doubled or broken are an error, never a shorter report.
    """
    path = tmp_path / "scan.jsonl"
    path.write_text("".join(damage(report.render("jsonl").splitlines(keepends=True))))

    with pytest.raises(ReportError):
        load(path)


def test_says_that_it_cannot_write(report, tmp_path):
    """
    A folder that does not exist is the user's to mend.
    """
    with pytest.raises(ConfigError, match="cannot write"):
        LineWriter(tmp_path / "missing" / "scan.jsonl", report)


def test_is_ascii_whatever_names_hold(make_report, make_finding, hostile_name, tmp_path):
    """
    A hostile name neither ends a line nor is lost.
    """
    report = make_report(make_finding(hostile_name))
    report.write(tmp_path / "report.jsonl")

    assert 3 == (tmp_path / "report.jsonl").read_text("ascii").count("\n")
    assert report == load(tmp_path / "report.jsonl")
