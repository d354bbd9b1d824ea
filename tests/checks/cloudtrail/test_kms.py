from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.cloudtrail.kms import kms
from tests.checks.cloudtrail.trails import own


def test_wants_a_key():
    """
    S3's own encryption asks nobody.
    """
    key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"

    assert [Status.PASS] == statuses(run_check(kms, own(KmsKeyId=key)))
    assert [Status.FAIL] == statuses(run_check(kms, own()))
