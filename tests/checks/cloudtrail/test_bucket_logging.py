from awsaudit import Status
from awsaudit.resources.cloudtrail import BUCKET_LOGGING, OwnTrail
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.cloudtrail.bucket_logging import bucket_logging
from tests.checks.cloudtrail.trails import GONE, HIDDEN, own


def test_wants_access_logs():
    """
    Wherever they go; a bucket that is not the account's is not judged.
    """
    logs = {BUCKET_LOGGING: {"TargetBucket": "northlight-access"}}

    assert [Status.PASS] == statuses(run_check(bucket_logging, own(logs)))
    assert [Status.FAIL] == statuses(run_check(bucket_logging, own()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bucket_logging, own(GONE)))
    assert [Status.UNKNOWN] == statuses(run_check(bucket_logging, own(HIDDEN)))
    hidden = own({BUCKET_LOGGING: refused(OwnTrail, BUCKET_LOGGING)})
    assert [Status.UNKNOWN] == statuses(run_check(bucket_logging, hidden))
