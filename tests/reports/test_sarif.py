import json
import pathlib
import urllib.parse

import jsonschema
import pytest

from attrs import evolve

from awsaudit import Coverage, Hop, Severity, Status, Subject
from awsaudit.report import Shortfall
from awsaudit_reports import sarif
from tests.reports.conftest import ACCEPTED


SCHEMA = json.loads((pathlib.Path(__file__).parent / "data/sarif-2.1.0-rtm.5.json").read_text())


def log(report):
    plain = json.loads(report.render("sarif"))
    jsonschema.validate(plain, SCHEMA, jsonschema.Draft4Validator)

    return plain


def run(report):
    (only,) = log(report)["runs"]
    return only


def results(report):
    return {result["locations"][0]["logicalLocations"][0]["name"]: result for result in run(report)["results"]}


def test_holds_the_failures(eventful):
    """
    Failures, accepted ones, and earlier ones of which nothing can be told are results; passes and unknowns are none.
    """
    assert ["ledger", "orders", "payouts", "fees"] == list(results(eventful))


def test_tells_what_failed(make_report, make_finding):
    """
    A result has its place, message, command and path.
    """
    found = results(
        make_report(make_finding(expected="SSE", path=(Hop("internet", "internet"), Hop("orders", "q", "its policy"))))
    )
    result = found["orders"]

    assert "sqs-encryption" == result["ruleId"]
    assert (
        "orders: orders is not encrypted; expected: SSE\n\n"
        "To repair it: aws sqs set-queue-attributes --queue-url orders --region eu-west-1"
    ) == result["message"]["text"]
    assert {
        "artifactLocation": {"uri": "aws/111122223333/eu-west-1/sqs/orders"},
        "region": {"startLine": 1},
    } == result["locations"][0]["physicalLocation"]
    assert (
        "arn:aws:sqs:eu-west-1:111122223333:orders"
        == (result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
    )
    assert ["internet", "orders (its policy)"] == result["properties"]["path"]


def test_is_known_again_by_its_fingerprint(make_report, make_finding):
    """
    Severity and message change, the fingerprint does not.
    """
    finding = make_finding()
    before, after = (
        results(make_report(one))["orders"]["partialFingerprints"] for one in (finding, evolve(finding, message="x"))
    )

    assert before == after
    assert f"{finding.fingerprint}:1" == before["primaryLocationLineHash"]


def test_rules_are_those_that_results_name(eventful):
    """
    Index and id of a result's rule agree; every check that ran is a rule.
    """
    found = run(eventful)
    rules = found["tool"]["driver"]["rules"]

    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in found["results"])
    assert set(eventful.checks) <= {rule["id"] for rule in rules}


@pytest.mark.parametrize(
    ("severity", "score", "level"),
    [
        (Severity.CRITICAL, "9.5", "error"),
        (Severity.HIGH, "8.0", "error"),
        (Severity.MEDIUM, "5.5", "warning"),
        (Severity.LOW, "2.0", "note"),
        (Severity.INFO, None, "note"),
    ],
)
def test_severity_is_that_of_the_finding(make_report, make_finding, severity, score, level):
    """
    A severity that the check does not have by default makes a rule of its own, since GitHub reads it off the rule.
    """
    found = run(make_report(make_finding(severity=severity)))
    result = found["results"][0]
    rule = found["tool"]["driver"]["rules"][result["ruleIndex"]]
    graded = "" if severity is Severity.MEDIUM else f"/{severity}"

    assert f"sqs-encryption{graded}" == rule["id"]
    assert (score, level, level) == (
        rule["properties"].get("security-severity"),
        rule["defaultConfiguration"]["level"],
        result["level"],
    )


def test_suppressions(eventful):
    """
    What is accepted says why and until when; the others say that they are not.
    """
    found = results(eventful)

    assert [] == found["orders"]["suppressions"]
    assert [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Moved to SSE-KMS in SEC-412 (until 2027-03-31; queues@example.com)",
        }
    ] == found["fees"]["suppressions"]


def test_states(eventful, make_report, make_finding):
    """
    With a baseline a result is new or unchanged; one that cannot be told says so and is never taken for fixed.
    """
    found = results(eventful)

    assert {"orders": "new", "ledger": "unchanged", "payouts": "unchanged", "fees": "unchanged"} == {
        name: result["baselineState"] for name, result in found.items()
    }
    assert "could not see whether it still holds" in found["payouts"]["message"]["text"]
    assert "baselineState" not in results(make_report(make_finding()))["orders"]


def test_a_run_an_account(make_report, make_finding):
    """
    Each account has a run with a category of its own, also where nothing failed, so that its alerts close.
    """
    report = make_report(make_finding(), make_finding(status=Status.PASS, account="444455556666"))
    runs = log(report)["runs"]

    assert ["awsaudit/111122223333/", "awsaudit/444455556666/"] == [run["automationDetails"]["id"] for run in runs]
    assert [1, 0] == [len(run["results"]) for run in runs]


def test_an_account_that_was_not_seen_has_no_run(make_report, make_finding, refusal):
    """
    An empty run would close the alerts of an account of which nothing is known.
    """
    gap = evolve(refusal.shortfalls[0].gap, account="444455556666", region="*")
    coverage = Coverage({}, (Shortfall(gap, 1, (), missing=True),))
    report = make_report(make_finding(), accounts=("111122223333", "444455556666"), coverage=coverage)

    assert ["awsaudit/111122223333/"] == [run["automationDetails"]["id"] for run in log(report)["runs"]]


def test_many_accounts_are_one_run(make_report, make_finding):
    """
    GitHub takes twenty runs of a file.
    """
    report = make_report(*(make_finding(account=f"{number:012}") for number in range(21)))

    assert 21 == len(run(report)["results"])
    assert "awsaudit/all/" == run(report)["automationDetails"]["id"]


def test_no_more_than_github_takes(make_report, make_finding, monkeypatch):
    """
    The least severe results are left out, accepted ones first, and the log says so.
    """
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    severities = (Severity.LOW, Severity.CRITICAL, Severity.HIGH)
    accepted = make_finding("fees", severity=Severity.CRITICAL, suppression=ACCEPTED)
    report = make_report(accepted, *(make_finding(str(severity), severity=severity) for severity in severities))
    found = run(report)

    assert ["sqs-encryption/critical", "sqs-encryption/high"] == [result["ruleId"] for result in found["results"]]
    assert "2 results beyond 2 left out" in json.dumps(found["invocations"])


def test_says_what_was_not_seen(make_report, make_finding, refusal):
    """
    Refused calls, what to grant and how much is unknown are notifications; a scan that ended early did not succeed.
    """
    report = make_report(make_finding("ledger", Status.UNKNOWN), coverage=evolve(refusal, stopped="Cancelled"))
    (invocation,) = run(report)["invocations"]
    said = [notice["message"]["text"] for notice in invocation["toolExecutionNotifications"]]

    assert invocation["executionSuccessful"] is False
    assert "to see it, grant kms:GetKeyPolicy" in said
    assert "unknown verdicts: 1; the json report names them" in said
    assert any("The scan was interrupted" in one for one in said)


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("a/../../b", "a%2F..%2F..%2Fb"),
        ("..", "__"),
        (".", "_"),
        ("", "arn%3Aaws%3Ax"),
        ("javascript:x", "javascript%3Ax"),
        ("a b?c#d%e", "a%20b%3Fc%23d%25e"),
        ("\\\\host\\share", "%5C%5Chost%5Cshare"),
        ("ünïcode", "%C3%BCn%C3%AFcode"),
    ],
)
def test_a_name_is_one_segment_of_a_path(make_finding, name, segment):
    """
    Whatever a resource is called, its place is below its service.
    """
    finding = evolve(make_finding(), resource=Subject("arn:aws:x", "AWS::SQS::Queue", name))

    assert f"aws/111122223333/eu-west-1/sqs/{segment}" == sarif.location(finding)


def test_a_place_is_short(make_finding):
    """
    A name of 10 kB makes no path that a file system would refuse.
    """
    name = urllib.parse.unquote(sarif.location(make_finding("x" * 10_000)).rpartition("/")[2])

    assert len(name.encode()) <= 255


def test_messages_hold_no_links(make_report, make_finding):
    """
    A name that looks like a link in a message stays text (SARIF 2.1.0, 3.11.6).
    """
    message = results(make_report(make_finding("[safe](https://example.com/)")))
    (only,) = message.values()

    assert "](" not in only["message"]["text"].replace("\\](", "")
