import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import ACL, AccountPublicAccess, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.bucket_public_access_block import bucket_public_access_block
from tests.checks.s3.buckets import BLOCK, CLOSED, OPEN, bucket, grant, wide
from tests.estate import OWN, allow


READ = allow("s3:GetObject", resource="arn:aws:s3:::ledger/*", Principal={"AWS": OWN})
OTHER = {"Grantee": {"ID": "another", "Type": "CanonicalUser"}, "Permission": "READ"}


@pytest.mark.parametrize(
    ("judged", "severity"),
    [
        (bucket(block=None), Severity.MEDIUM),
        (bucket(ownership=None), Severity.MEDIUM),
        (bucket(READ), Severity.HIGH),
        (bucket(grants=[grant("READ")]), Severity.HIGH),
        (bucket(grants=[OTHER]), Severity.HIGH),
        (bucket(grants=[OTHER], ownership="BucketOwnerEnforced"), Severity.MEDIUM),
        (bucket(READ, block={**CLOSED, "BlockPublicPolicy": False}), Severity.HIGH),
    ],
)
def test_flags_what_is_open(judged, severity):
    """
    High where a policy or a grant is there to be public; the command closes it.
    """
    [finding] = run_check(bucket_public_access_block, judged, wide())

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert BLOCK.format("ledger") == finding.fix


def test_settings_of_bucket_and_account_add_up():
    """
    The bucket's own settings pass whatever the account's are, and both together do.
    """
    half = {**CLOSED, "BlockPublicAcls": False}
    hidden = fake(AccountPublicAccess, {})

    assert [Status.PASS] == statuses(run_check(bucket_public_access_block, bucket(READ, block=CLOSED), hidden))
    assert [Status.PASS] == statuses(run_check(bucket_public_access_block, bucket(READ, block=None), wide(CLOSED)))
    [both] = run_check(bucket_public_access_block, bucket(block=half), wide({**OPEN, "BlockPublicAcls": True}))
    assert (Status.PASS, ("the account blocks what the bucket does not",)) == (both.status, both.notes)


def test_leaves_websites():
    """
    What its owner names.
    """
    found = run_check(bucket_public_access_block, bucket(block=None), wide(), websites=("ledger",))

    assert [Status.NOT_APPLICABLE] == statuses(found)


@pytest.mark.parametrize(
    ("judged", "settings"),
    [(bucket(), fake(AccountPublicAccess, {})), (bucket(acl=refused(Bucket, ACL)), wide())],
)
def test_what_was_refused_is_unknown(judged, settings):
    """
    The account's settings where the bucket's are not enough; grants where it is graded by them.
    """
    assert [Status.UNKNOWN] == statuses(run_check(bucket_public_access_block, judged, settings))
