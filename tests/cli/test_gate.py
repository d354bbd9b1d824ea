import datetime

import pytest

from attrs import evolve

from awsaudit.check import Finding, Severity, Status, Subject
from awsaudit.cli.gate import exit_code
from awsaudit.config import Config
from awsaudit.gap import Gap, GapKind
from awsaudit.report import Coverage, Report, Shortfall


MOMENT = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
FAIL = Finding("a-b", Status.FAIL, Severity.HIGH, "1", "eu-west-1", Subject("arn", "T", "n"), "m")
PASS, UNKNOWN = evolve(FAIL, status=Status.PASS), evolve(FAIL, status=Status.UNKNOWN)
CRASHED = evolve(UNKNOWN, crashed=True)
REFUSED = Coverage(shortfalls=(Shortfall(Gap("1", "eu-west-1", "sqs", "L", "AccessDenied", GapKind.DENIED), 1, ()),))


def report(*findings, coverage=Coverage()):  # noqa: B008 - it is frozen
    return Report(("1",), "aws", ("eu-west-1",), MOMENT, MOMENT, {}, findings, coverage)


@pytest.mark.parametrize(
    ("found", "config", "silent", "expected"),
    [
        (report(), {}, False, 0),
        (report(FAIL), {}, False, 0),
        (report(FAIL), {"fail_on": "high"}, False, 1),
        (report(FAIL), {"fail_on": "critical"}, False, 0),
        (report(PASS, UNKNOWN), {"fail_on": "info"}, False, 0),
        (report(CRASHED), {}, False, 3),
        (report(FAIL, CRASHED), {"fail_on": "info"}, False, 3),
        (report(FAIL, coverage=Coverage(stopped="DeadlineReached")), {"fail_on": "info"}, False, 3),
        (report(FAIL, coverage=Coverage(stopped="Cancelled")), {"fail_on": "info"}, False, 130),
        (report(UNKNOWN), {"strict": True}, False, 3),
        (report(PASS, coverage=REFUSED), {"strict": True}, False, 3),
        (report(PASS, coverage=REFUSED), {}, False, 0),
        (report(UNKNOWN, coverage=REFUSED), {"strict": True}, True, 4),
        (report(coverage=REFUSED), {}, True, 4),
        (report(PASS, coverage=REFUSED), {}, True, 0),
        (report(UNKNOWN, coverage=Coverage(stopped="DeadlineReached")), {}, True, 3),
    ],
)
def test_exit_codes(found, config, silent, expected):
    """
    130 goes before 4, that before 3, and that before 1.
    """
    assert expected == exit_code(found, Config(**config), silent=silent)
