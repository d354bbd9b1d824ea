import pytest

from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_signin_failures import monitor_signin_failures
from tests.alerts import counted, ruled


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ('{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }', Status.PASS),
        ('{($.errorMessage="Failed*")&&($.eventName="ConsoleLogin")}', Status.PASS),
        ('{ $.responseElements.ConsoleLogin = "Failure" }', Status.PASS),
        ('{ $.responseElements.ConsoleLogin = "Success" }', Status.FAIL),
        ('{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed") }', Status.FAIL),
        ("{ ($.eventName = ConsoleLogin) && ($.errorCode EXISTS) }", Status.FAIL),
    ],
)
def test_judges_by_what_a_filter_counts(pattern, status):
    """
    A failed sign-in has a message, and no code.
    """
    assert status is counted(monitor_signin_failures, pattern, regions=["us-east-1"]).status


def test_accepts_rules():
    """
    Under the detail-type of sign-ins.
    """
    failed = {"detail-type": ["AWS Console Sign In via CloudTrail"], "detail": {"responseElements.ConsoleLogin": []}}
    pattern = {**failed, "detail": {"responseElements": {"ConsoleLogin": ["Failure"]}}}

    assert Status.PASS is ruled(monitor_signin_failures, pattern, "ENABLED").status
    assert Status.FAIL is ruled(monitor_signin_failures, {"detail": {"eventName": ["SwitchRole"]}}).status
