import datetime
import json

import pytest

from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.objects.cloud import Cloud

from awsaudit import Severity


def events(report, options=None):
    found = json.loads(report.render("ocsf", options))
    for event in found:
        ComplianceFinding.model_validate(event)
        Cloud.model_validate(event["cloud"])

    return found


def by_name(report):
    return {(event["resources"][0]["name"], event["status_code"]): event for event in events(report)}


def test_is_a_compliance_finding(eventful):
    """
    Class, category, activity and type fit together, and times are in milliseconds.
    """
    event = by_name(eventful)["orders", "fail"]
    finished = datetime.datetime.fromtimestamp(event["time"] / 1000, datetime.UTC)

    assert (2003, 2, 1, 200301) == tuple(event[n] for n in ("class_uid", "category_uid", "activity_id", "type_uid"))
    assert eventful.finished == finished


@pytest.mark.parametrize(
    ("key", "status", "compliance", "severity"),
    [
        (("orders", "fail"), 1, 3, 3),
        (("ledger", "fail"), 1, 3, 5),
        (("fees", "fail"), 3, 3, 2),
        (("beacon", "pass"), 1, 1, 1),
        (("payouts", "unknown"), 1, 2, 0),
        (("rewards", "fixed"), 4, 1, 4),
    ],
)
def test_maps_verdicts(eventful, key, status, compliance, severity):
    """
    New, suppressed or resolved; passed, failed or without a result for want of information.
    """
    event = by_name(eventful)[key]

    assert (status, compliance, severity) == (
        event["status_id"],
        event["compliance"]["status_id"],
        event["severity_id"],
    )


def test_a_fixed_failure_is_closed(eventful):
    """
    The event of a failure that is gone closes the one that told of it.
    """
    fixed = by_name(eventful)["rewards", "fixed"]
    (old,) = eventful.changes.fixed

    assert (3, 200303, old.fingerprint) == (fixed["activity_id"], fixed["type_uid"], fixed["finding_info"]["uid"])
    assert round(eventful.changes.since.timestamp() * 1000) == fixed["finding_info"]["last_seen_time"]


def test_what_cannot_be_told_is_not_closed(eventful):
    """
    An earlier failure that was not seen is no event but the unknown verdict.
    """
    assert [("payouts", "unknown")] == [key for key in by_name(eventful) if key[0] == "payouts"]


def test_tells_what_to_do(eventful):
    """
    The event names the resource, the account, the requirements, the command and when it was first seen.
    """
    event = by_name(eventful)["ledger", "fail"]

    assert {
        "uid": "arn:aws:sqs:eu-west-1:111122223333:ledger",
        "name": "ledger",
        "type": "AWS::SQS::Queue",
        "region": "eu-west-1",
        "cloud_partition": "aws",
        "labels": [],
    } == event["resources"][0]
    assert "111122223333" == event["cloud"]["account"]["uid"]
    assert ["cis-5.0 1.1", "cis-5.0 2.3"] == event["compliance"]["requirements"]
    assert event["remediation"]["desc"].endswith("--queue-url ledger --region eu-west-1")
    assert 1793520000000 == event["finding_info"]["first_seen_time"]
    assert ["sqs:GetQueueAttributes"] == by_name(eventful)["payouts", "unknown"]["unmapped"]["missing_permissions"]


def test_names_accounts(make_report, make_finding):
    """
    An account has the organization's name for it, where that is known.
    """
    report = make_report(make_finding(), account_names={"111122223333": "payouts"})

    assert "payouts" == events(report)[0]["cloud"]["account"]["name"]


def test_holds_the_verdicts_asked_for(eventful):
    """
    `status` names the verdicts.
    """
    assert ["not_applicable"] == [event["status_code"] for event in events(eventful, {"status": ("not_applicable",)})]


def test_is_one_event_a_line(eventful, make_report):
    """
    The array has a line an event; without events it is an empty array.
    """
    assert len(events(eventful)) + 2 == len(eventful.render("ocsf").splitlines())
    assert [] == events(make_report())


@pytest.mark.parametrize("severity", list(Severity))
def test_severities(make_report, make_finding, severity):
    """
    Severities go from informational, 1, to critical, 5.
    """
    assert int(severity) + 1 == events(make_report(make_finding(severity=severity)))[0]["severity_id"]
