import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import ACL, POLICY, Bucket
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.s3.bucket_public_write import bucket_public_write
from tests.checks.s3.buckets import BLOCK, CLOSED, OPEN, bucket, grant, wide
from tests.estate import OWN, allow


ITSELF, INSIDE = "arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*"


def judge(judged, settings=None, **more):
    return run_check(bucket_public_write, judged, settings or wide(), **more)


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:PutObject", resource=INSIDE, Principal="*"),
        allow("s3:Delete*", resource=INSIDE, Principal={"AWS": "*"}),
        allow("s3:PutBucketPolicy", resource=ITSELF, Principal="*"),
        allow("s3:PutEncryptionConfiguration", resource=ITSELF, Principal="*"),
        allow("s3:Replicate*", resource=INSIDE, Principal="*"),
        allow("s3:*", resource=[ITSELF, INSIDE], Principal="*"),
        {"Effect": "Allow", "Principal": "*", "NotAction": "s3:GetObject", "Resource": "*"},
        allow("s3:PutObject", resource=INSIDE, Principal="*", Condition={"StringEquals": {"s3:x-amz-acl": "private"}}),
    ],
)
def test_flags_policies_that_let_everybody_write(statement):
    """
    Objects, or what is set for the bucket.
    """
    [finding] = judge(bucket(statement))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert BLOCK.format("ledger") == finding.fix
    assert [Status.PASS] == statuses(judge(bucket(statement, block=CLOSED)))


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:Get*", "s3:List*", resource=[ITSELF, INSIDE], Principal="*"),
        allow("s3:PutObject", resource=INSIDE, Principal={"AWS": OWN}),
        allow("s3:PutObject", resource=INSIDE, Principal={"Service": "logging.s3.amazonaws.com"}),
        allow("s3:PutObject", resource=INSIDE, Principal="*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
    ],
)
def test_accepts_what_lets_nobody_write(statement):
    """
    Reading is another check's matter; principals and networks of the account's own.
    """
    assert [Status.PASS] == statuses(judge(bucket(statement)))


@pytest.mark.parametrize("permission", ["WRITE", "WRITE_ACP", "FULL_CONTROL"])
def test_flags_grants_to_everybody(permission):
    """
    Unless ACLs are off or ignored.
    """
    given = [grant(permission, "AuthenticatedUsers"), grant("READ")]

    assert [Status.FAIL] == statuses(judge(bucket(grants=given)))
    assert [Status.PASS] == statuses(judge(bucket(grants=given, ownership="BucketOwnerEnforced")))
    assert [Status.PASS] == statuses(judge(bucket(grants=given), wide({**OPEN, "IgnorePublicAcls": True})))


def test_what_was_refused_is_unknown():
    """
    Policy or ACL.
    """
    assert [Status.UNKNOWN] == statuses(judge(bucket(policy=refused(Bucket, POLICY))))
    assert [Status.UNKNOWN] == statuses(judge(bucket(acl=refused(Bucket, ACL))))
