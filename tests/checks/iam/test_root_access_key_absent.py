import pytest

from awsaudit import Status
from awsaudit.resources.iam import REPORT, SUMMARY, AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.root_access_key_absent import root_access_key_absent


def report(one="false", two="false", user="<root_account>"):
    head = "user,mfa_active,access_key_1_active,access_key_2_active"
    return {"Content": f"{head}\n{user},true,{one},{two}\n", "GeneratedTime": "2026-11-24T09:00:00Z"}


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ({SUMMARY: {"AccountAccessKeysPresent": 1}}, Status.FAIL),
        ({SUMMARY: {"AccountAccessKeysPresent": 0}}, Status.PASS),
        ({SUMMARY: {"AccountAccessKeysPresent": 0}, REPORT: report("true")}, Status.PASS),
        ({REPORT: report("true")}, Status.FAIL),
        ({REPORT: report("false", "true")}, Status.FAIL),
        ({REPORT: report()}, Status.PASS),
        ({}, Status.UNKNOWN),
    ],
)
def test_asks_the_summary_then_the_report(results, status):
    """
    Either source is enough, the fresher one goes first, and without both nothing is known.
    """
    assert [status] == statuses(run_check(root_access_key_absent, fake(AccountCredentials, results)))


def test_a_report_without_the_root_user_has_no_key():
    """
    The row is left out where root credentials were removed.
    """
    credentials = fake(AccountCredentials, {REPORT: report("true", user="someone")})

    assert [Status.PASS] == statuses(run_check(root_access_key_absent, credentials))
