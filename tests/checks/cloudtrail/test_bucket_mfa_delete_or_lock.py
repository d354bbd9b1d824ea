import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import BUCKET_LOCK, BUCKET_VERSIONING, OwnTrail
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.cloudtrail.bucket_mfa_delete_or_lock import bucket_mfa_delete_or_lock
from tests.checks.cloudtrail.trails import GONE, HIDDEN, own


LOCKED = {BUCKET_LOCK: {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE"}}}}


@pytest.mark.parametrize(
    ("results", "status"),
    [
        (LOCKED, Status.PASS),
        ({BUCKET_VERSIONING: {"Status": "Enabled", "MFADelete": "Enabled"}}, Status.PASS),
        ({BUCKET_VERSIONING: {"Status": "Enabled", "MFADelete": "Disabled"}}, Status.FAIL),
        ({BUCKET_LOCK: {"ObjectLockEnabled": "Enabled"}}, Status.FAIL),
        ({}, Status.FAIL),
        (GONE, Status.NOT_APPLICABLE),
        (HIDDEN, Status.UNKNOWN),
        ({BUCKET_LOCK: refused(OwnTrail, BUCKET_LOCK)}, Status.UNKNOWN),
    ],
)
def test_wants_one_of_two_locks(results, status):
    """
    A lock without a default rule locks nothing by itself.
    """
    assert [status] == statuses(run_check(bucket_mfa_delete_or_lock, own(results)))


def test_the_command_versions_first_where_it_has_to():
    """
    A lock needs versions.
    """
    versioned = own({BUCKET_VERSIONING: {"Status": "Enabled"}})
    (plain,) = run_check(bucket_mfa_delete_or_lock, own())
    (short,) = run_check(bucket_mfa_delete_or_lock, versioned)

    assert plain.fix.startswith("aws s3api put-bucket-versioning --region eu-central-1 ")
    assert plain.fix.endswith(short.fix)
