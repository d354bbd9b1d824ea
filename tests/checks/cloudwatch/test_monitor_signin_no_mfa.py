import pytest

from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_signin_no_mfa import monitor_signin_no_mfa
from tests.alerts import counted, ruled


CIS = (
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && '
    '($.responseElements.ConsoleLogin = "Success") }'
)


@pytest.mark.parametrize(
    "pattern",
    [
        CIS,
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
        "{$.additionalEventData.MFAUsed=No&&$.eventName=ConsoleLogin}",
        "{ $.eventType = AwsConsoleSignIn }",
    ],
)
def test_accepts_a_filter(pattern):
    """
    The longer form of CIS, the shorter one, any other that counts the sign-in.
    """
    assert Status.PASS is counted(monitor_signin_no_mfa, pattern, regions=["us-east-1"]).status


@pytest.mark.parametrize(
    "pattern",
    [
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed = "Yes") }',
        '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "Root") }',
        '{ ($.eventName = "consolelogin") }',
        '{ ($.eventName = "ConsoleLogin") && ($.awsRegion = "eu-west-1") }',
    ],
)
def test_flags_a_filter_that_does_not_count_it(pattern):
    """
    The opposite, the root user alone, a name that is none, one endpoint of several.
    """
    assert Status.FAIL is counted(monitor_signin_no_mfa, pattern, regions=["us-east-1"]).status


def test_accepts_rules_at_home_and_where_there_is_something():
    """
    Sign-ins come under a detail-type of their own, at the endpoint that somebody used.
    """
    pattern = {"detail-type": ["AWS Console Sign In via CloudTrail"], "detail": {"eventName": ["ConsoleLogin"]}}

    assert Status.PASS is ruled(monitor_signin_no_mfa, pattern, "ENABLED").status
    assert Status.FAIL is ruled(monitor_signin_no_mfa, pattern, regions=["us-east-1"]).status
    assert Status.FAIL is ruled(monitor_signin_no_mfa, pattern, regions=["eu-west-1"]).status
    assert Status.FAIL is ruled(monitor_signin_no_mfa, {"detail-type": ["AWS API Call via CloudTrail"]}).status
