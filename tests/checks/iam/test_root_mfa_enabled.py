import pytest

from awsaudit import Status
from awsaudit.resources.iam import SUMMARY, AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.root_mfa_enabled import root_mfa_enabled


@pytest.mark.parametrize(
    ("summary", "status"),
    [
        ({"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0}, Status.FAIL),
        ({"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1}, Status.FAIL),
        ({"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 1, "AccountPasswordPresent": 0}, Status.FAIL),
        ({"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 0}, Status.NOT_APPLICABLE),
        ({"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0}, Status.PASS),
    ],
)
def test_wants_a_second_factor_where_there_are_credentials(summary, status):
    """
    A password or a key without MFA fails; no credentials at all need none; an untold password counts as one.
    """
    assert [status] == statuses(run_check(root_mfa_enabled, fake(AccountCredentials, {SUMMARY: summary})))
