import pytest

from awsaudit import Status
from awsaudit.resources.iam import SUMMARY, AccountCredentials
from awsaudit.testing import fake
from awsaudit_checks.cloudwatch.monitor_root_usage import monitor_root_usage
from tests.alerts import counted, ruled


CIS = '{$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'


def root(password=1, keys=0):
    told = {"AccountPasswordPresent": password, "AccountAccessKeysPresent": keys}
    return fake(AccountCredentials, {SUMMARY: told})


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        (CIS, None),
        ("{ ($.eventType != AwsServiceEvent) && ($.userIdentity.type = Root) }", None),
        ("{ $.userIdentity.type = Root && $.eventType = AwsConsoleSignIn }", "calls of the root user"),
        ("{ $.userIdentity.type = Root && $.eventType = AwsApiCall }", "sign-ins of the root user"),
        ("{ $.userIdentity.type = root }", "calls of the root user, sign-ins of the root user"),
    ],
)
def test_wants_calls_and_sign_ins(pattern, missing):
    """
    Both are use of the root user.
    """
    finding = counted(monitor_root_usage, pattern, others=[root()], regions=["us-east-1"])

    assert (Status.FAIL if missing else Status.PASS) is finding.status
    assert not missing or f"nobody is told of {missing}: no metric filter counts the call" == finding.message


def test_accepts_rules_at_home_and_where_there_is_something():
    """
    A rule for both detail-types in each of them.
    """
    pattern = {"detail": {"userIdentity": {"type": ["Root"]}}}
    calls = {**pattern, "detail-type": ["AWS API Call via CloudTrail"]}

    assert Status.PASS is ruled(monitor_root_usage, pattern, "ENABLED", others=[root()]).status
    assert Status.FAIL is ruled(monitor_root_usage, calls, others=[root()]).status
    assert Status.FAIL is ruled(monitor_root_usage, pattern, regions=["us-east-1"], others=[root()]).status


def test_does_not_judge_a_root_user_that_cannot_come():
    """
    Without password and keys there is no use; whether there are, has to be known.
    """
    assert Status.NOT_APPLICABLE is counted(monitor_root_usage, others=[root(0)]).status
    assert Status.FAIL is counted(monitor_root_usage, others=[root(0, 1)], regions=["us-east-1"]).status
    assert Status.UNKNOWN is counted(monitor_root_usage, "", others=[fake(AccountCredentials)]).status
