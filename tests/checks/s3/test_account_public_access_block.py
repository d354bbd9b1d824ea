import pytest

from awsaudit import Status
from awsaudit.resources.s3 import AccountPublicAccess
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.s3.account_public_access_block import account_public_access_block
from tests.checks.s3.buckets import CLOSED, OPEN, SETTINGS, wide


@pytest.mark.parametrize(
    ("block", "off"), [(None, 4), (OPEN, 4), ({**CLOSED, "IgnorePublicAcls": False}, 1), ({"BlockPublicAcls": True}, 3)]
)
def test_flags_what_is_off(block, off):
    """
    No settings, and each that is not on; the command turns all on.
    """
    [finding] = run_check(account_public_access_block, wide(block))

    assert (Status.FAIL, f"{off} off") == (finding.status, finding.found)
    assert finding.fix == (
        "aws s3control put-public-access-block --region us-east-1 --account-id 111122223333 "
        f"--public-access-block-configuration {SETTINGS}"
    )


def test_accepts_all_four():
    """
    All on.
    """
    assert [Status.PASS] == statuses(run_check(account_public_access_block, wide(CLOSED)))


def test_refused_settings_are_unknown():
    """
    They are not the same as none.
    """
    assert [Status.UNKNOWN] == statuses(run_check(account_public_access_block, fake(AccountPublicAccess, {})))
