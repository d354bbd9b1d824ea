import csv
import io

import pytest

from awsaudit import Status
from awsaudit_reports.csv import COLUMNS


def rows(report, options=None):
    text = report.render("csv", options)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_has_a_row_a_finding(eventful):
    """
    Every verdict has a row, with all columns.
    """
    found = rows(eventful)

    assert [finding.fingerprint for finding in eventful.findings] == [row["fingerprint"] for row in found]
    assert {(*COLUMNS, "change")} == {tuple(row) for row in found}


def test_tells_what_a_finding_is(eventful):
    """
    A row holds what the report says, and whether it is new.
    """
    row = next(row for row in rows(eventful) if row["resource_name"] == "orders")

    assert {
        "status": "fail",
        "severity": "medium",
        "check_id": "sqs-encryption",
        "title": "Queues are encrypted at rest",
        "account": "111122223333",
        "region": "eu-west-1",
        "resource_type": "AWS::SQS::Queue",
        "resource_arn": "arn:aws:sqs:eu-west-1:111122223333:orders",
        "message": "orders is not encrypted",
        "fix": "aws sqs set-queue-attributes --queue-url orders --region eu-west-1",
        "tags": "team=trading",
        "first_seen": "2026-11-24T13:47:17Z",
        "change": "new",
    }.items() <= row.items()


def test_tells_what_is_accepted_and_what_is_missing(eventful):
    """
    An accepted failure says until when and why, an unknown verdict what to grant.
    """
    found = {row["resource_name"]: row for row in rows(eventful)}

    assert ("2027-03-31", "Moved to SSE-KMS in SEC-412", "queues@example.com") == tuple(
        found["fees"][name] for name in ("suppressed_until", "suppression_reason", "suppression_owner")
    )
    assert "sqs:GetQueueAttributes" == found["payouts"]["missing_permissions"]


def test_keeps_to_the_standard(make_report, make_finding):
    """
    Lines end in CR LF; commas, quotes and line ends are in quotes (RFC 4180).
    """
    text = make_report(make_finding(message='a, "b"\nc')).render("csv")

    assert text.endswith("\r\n")
    assert '"a, ""b""\nc"' in text
    assert 3 == text.count("\n")


def test_shows_the_verdicts_asked_for(eventful):
    """
    `status` names the verdicts.
    """
    assert {"unknown"} == {row["status"] for row in rows(eventful, {"status": ("unknown",)})}


def test_has_its_header_where_there_is_nothing(make_report):
    """
    An empty report is a header.
    """
    assert 1 == len(make_report().render("csv").splitlines())


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\t=1", "\r=1", "\n=1"],
)
def test_computes_nothing(make_report, make_finding, text):
    """
    A cell that a spreadsheet would compute begins with a quote.
    """
    row = rows(make_report(make_finding(message=text, tags={text: text})))[0]

    assert not row["message"].lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert row["message"].endswith(text.strip())
    assert row["tags"].strip()[0] in "'\\"


def test_fits_the_cells_of_spreadsheets(make_report, make_finding):
    """
    No cell is longer than a spreadsheet takes.
    """
    row = rows(make_report(make_finding(Status.PASS.value, Status.PASS, message="=" * 100_000)))[0]

    assert 32_767 == len(row["message"])
