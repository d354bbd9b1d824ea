from awsaudit import Status
from awsaudit.resources.cloudtrail import BUCKET, OwnTrail
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.cloudtrail.bucket_owner import bucket_owner
from tests.checks.cloudtrail.trails import GONE, HIDDEN, own


def test_flags_a_name_that_is_free():
    """
    Whoever makes the bucket gets the logs, also where the owner says that it is another account's.
    """
    assert [Status.PASS] == statuses(run_check(bucket_owner, own()))
    for named in ((), ("northlight-trail",)):
        (finding,) = run_check(bucket_owner, own(GONE), buckets=named)
        assert Status.FAIL is finding.status


def test_does_not_know_whose_another_bucket_is():
    """
    The owner may say so.
    """
    assert [Status.UNKNOWN] == statuses(run_check(bucket_owner, own(HIDDEN)))
    assert [Status.PASS] == statuses(run_check(bucket_owner, own(HIDDEN), buckets=("northlight-trail",)))
    assert [Status.UNKNOWN] == statuses(run_check(bucket_owner, own({BUCKET: refused(OwnTrail, BUCKET)})))
