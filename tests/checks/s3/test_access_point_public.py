import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import POINT, POINT_STATUS, POINTS, AccessPoint, AccountPublicAccess, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.access_point_public import access_point_public
from tests.checks.s3.buckets import CLOSED, OPEN, bucket, wide


RESTRICTING = {**OPEN, "RestrictPublicBuckets": True}


def point(block=OPEN, status=None, **more):
    item = {
        "Name": "reports",
        "AccessPointArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/reports",
        "Bucket": "ledger",
        "BucketAccountId": "111122223333",
        "NetworkOrigin": "Internet",
    }
    told = block if not isinstance(block, dict) else {"PublicAccessBlockConfiguration": block}
    return fake(AccessPoint, {POINTS: {**item, **more}, POINT: told, POINT_STATUS: status})


PUBLIC = {"IsPublic": True}


@pytest.mark.parametrize(
    ("judged", "others", "severity"),
    [
        (point(status=PUBLIC), (bucket(), wide()), Severity.CRITICAL),
        (point(status=PUBLIC), (wide(),), Severity.CRITICAL),
        (point(), (bucket(), wide()), Severity.MEDIUM),
        (point(status={"IsPublic": False}), (), Severity.MEDIUM),
        (point(RESTRICTING, PUBLIC), (bucket(), wide()), Severity.MEDIUM),
        (point(status=PUBLIC), (bucket(block=RESTRICTING), wide()), Severity.MEDIUM),
        (point(status=PUBLIC), (bucket(), wide(RESTRICTING)), Severity.MEDIUM),
        (point(status=PUBLIC, NetworkOrigin="VPC"), (bucket(), wide()), Severity.LOW),
        (point(status=PUBLIC, BucketAccountId="444455556666"), (wide(),), Severity.HIGH),
    ],
)
def test_flags_what_is_off(judged, others, severity):
    """
    By whether it is public now, what else keeps others off, and from where it takes requests.
    """
    [finding] = run_check(access_point_public, judged, *others)

    assert (Status.FAIL, severity) == (finding.status, finding.severity)


def test_accepts_all_four():
    """
    Whatever the policy says.
    """
    assert [Status.PASS] == statuses(run_check(access_point_public, point(CLOSED, PUBLIC)))


@pytest.mark.parametrize(
    ("judged", "others", "more"),
    [
        (point(refused(AccessPoint, POINT)), (), {}),
        (point(status=refused(AccessPoint, POINT_STATUS)), (), {}),
        (point(status=PUBLIC), (bucket(), fake(AccountPublicAccess, {})), {}),
        (point(status=PUBLIC), (wide(),), {"unlisted": [Bucket]}),
    ],
)
def test_what_was_refused_is_unknown(judged, others, more):
    """
    The settings of the point, its policy's, the account's, and the buckets.
    """
    assert [Status.UNKNOWN] == statuses(run_check(access_point_public, judged, *others, **more))
