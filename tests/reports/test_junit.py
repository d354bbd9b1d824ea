import junitparser
import pytest

from attrs import evolve

from awsaudit import Coverage
from awsaudit.report import Shortfall


def suites(report):
    return junitparser.JUnitXml.fromstring(report.render("junit").encode())


def cases(report):
    return {case.name.rpartition(":")[2]: case for suite in suites(report) for case in suite}


def test_is_a_suite_a_check_and_a_case_a_resource(make_report, make_finding):
    """
    Suites are called like checks, cases like resources.
    """
    report = make_report(make_finding(), make_finding("ledger"), make_finding(check_id="sqs-dlq"))

    assert [
        ("sqs-dlq", ["arn:aws:sqs:eu-west-1:111122223333:orders"]),
        (
            "sqs-encryption",
            ["arn:aws:sqs:eu-west-1:111122223333:ledger", "arn:aws:sqs:eu-west-1:111122223333:orders"],
        ),
    ] == [(suite.name, [case.name for case in suite]) for suite in suites(report)]


def test_maps_verdicts(eventful):
    """
    A failure fails, what is unknown is an error, what is accepted or does not apply is skipped.
    """
    results = {name: [type(result) for result in case.result] for name, case in cases(eventful).items()}

    assert {
        "orders": [junitparser.Failure],
        "ledger": [junitparser.Failure],
        "fees": [junitparser.Skipped],
        "beacon": [],
        "relay": [junitparser.Skipped],
        "rewards": [],
        "payouts": [junitparser.Error],
    } == results


def test_tells_what_failed(eventful):
    """
    A failure has its severity, the message and the command that repairs it.
    """
    failure = cases(eventful)["ledger"].result[0]

    assert ("critical", "ledger is not encrypted; expected: SSE-SQS; found: none") == (failure.type, failure.message)
    assert "To repair it: aws sqs set-queue-attributes --queue-url ledger" in failure.text


def test_tells_why_something_is_accepted(eventful):
    """
    A skipped case names the reason, the owner and the end.
    """
    assert "accepted until 2027-03-31 (queues@example.com): Moved to SSE-KMS in SEC-412" == (
        cases(eventful)["fees"].result[0].message
    )


def test_counts(eventful):
    """
    The counts are those of the cases.
    """
    found = suites(eventful)
    suite = next(iter(found))

    assert (7, 2, 1, 2) == (found.tests, found.failures, found.errors, found.skipped)
    assert (7, 2, 1, 2) == (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert 75 == found.time


def test_two_problems_of_a_resource_are_two_cases(make_report, make_finding):
    """
    No two cases have the same name, which readers would take for one.
    """
    report = make_report(make_finding(sub_key="a"), make_finding(sub_key="b"), make_finding(region="eu-central-1"))
    names = [case.name for case in next(iter(suites(report)))]

    assert 3 == len(set(names))


def test_a_scan_that_ended_early_is_no_success(make_report):
    """
    Silence is an error.
    """
    found = suites(make_report(coverage=Coverage({}, stopped="DeadlineReached")))

    assert 1 == found.errors


def test_an_account_that_was_not_seen_is_no_success(make_report, make_finding, refusal):
    """
    Nor is an account or region of which nothing was seen.
    """
    shortfall = Shortfall(evolve(refusal.shortfalls[0].gap, region="*"), 1, (), missing=True)
    found = suites(make_report(make_finding("beacon"), coverage=Coverage({}, (shortfall,))))

    assert 1 == found.errors


@pytest.mark.parametrize("text", ["\x00", "\x1b[31m", "\ufffe", "\ud800", "]]>", "<!ENTITY", "\x85"])
def test_is_xml_whatever_names_hold(make_report, make_finding, text):
    """
    Characters that XML forbids are written out.
    """
    report = make_report(make_finding(f"a{text}b", message=text, fix=text))

    assert 1 == len(list(next(iter(suites(report)))))
