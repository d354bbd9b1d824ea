import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import OWN, OwnTrail
from awsaudit.resources.codepipeline import LIST, PIPELINE, Pipeline
from awsaudit.resources.s3 import OBJECT_LOCK, TAGGING, VERSIONING, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.bucket_mfa_delete import bucket_mfa_delete
from tests.checks.s3.buckets import bucket


STATE = "acme-tfstate"
LOCK = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}}


def trail(where):
    arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"
    return fake(OwnTrail, {OWN: {"TrailARN": arn, "Name": "main", "HomeRegion": "eu-west-1", "S3BucketName": where}})


def pipeline(where):
    told = {"name": "release", "artifactStore": {"type": "S3", "location": where}, "stages": []}
    return fake(Pipeline, {LIST: {"name": "release"}, PIPELINE: {"pipeline": told}})


@pytest.mark.parametrize(
    ("judged", "others", "said"),
    [
        (bucket(name=STATE), (), "Terraform state"),
        (bucket(), (trail("ledger"),), "the trail main"),
        (bucket(), (trail("other"), pipeline("ledger")), "artifacts of the pipeline release"),
        (bucket(name=STATE, versioning={"Status": "Enabled", "MFADelete": "Disabled"}), (), "Terraform state"),
        (bucket(name=STATE, object_lock={"ObjectLockEnabled": "Enabled"}), (), "Terraform state"),
    ],
)
def test_flags_what_is_deleted_without_mfa(judged, others, said):
    """
    Of each sort; Object Lock without a default retention retains nothing.
    """
    [finding] = run_check(bucket_mfa_delete, judged, *others)

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert said in finding.message


def test_tells_of_lifecycle_rules():
    """
    With them MFA delete cannot be turned on.
    """
    rules = {"Rules": [{"Status": "Enabled", "ID": "old"}]}

    assert "lifecycle" in run_check(bucket_mfa_delete, bucket(name=STATE, lifecycle=rules))[0].message
    assert "lifecycle" not in run_check(bucket_mfa_delete, bucket(name=STATE))[0].message


@pytest.mark.parametrize(
    "judged",
    [
        bucket(name=STATE, versioning={"Status": "Enabled", "MFADelete": "Enabled"}),
        bucket(name=STATE, object_lock=LOCK),
    ],
)
def test_accepts_mfa_or_retention(judged):
    """
    Either.
    """
    assert [Status.PASS] == statuses(run_check(bucket_mfa_delete, judged))


def test_leaves_other_buckets():
    """
    Unless all are asked for.
    """
    others = (trail("other"), pipeline("artifacts"))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(bucket_mfa_delete, bucket(), *others))
    assert [Status.FAIL] == statuses(run_check(bucket_mfa_delete, bucket(), *others, every=True))
    assert [Status.FAIL] == statuses(run_check(bucket_mfa_delete, bucket(), *others, buckets=("ledger",)))


@pytest.mark.parametrize(
    ("judged", "more"),
    [
        (bucket(name=STATE, versioning=refused(Bucket, VERSIONING)), {}),
        (bucket(name=STATE, object_lock=refused(Bucket, OBJECT_LOCK)), {}),
        (bucket(tagging=refused(Bucket, TAGGING)), {}),
        (bucket(), {"unlisted": [OwnTrail]}),
        (bucket(), {"unlisted": [Pipeline]}),
    ],
)
def test_what_was_refused_is_unknown(judged, more):
    """
    What retains, and what tells what a bucket is for.
    """
    assert [Status.UNKNOWN] == statuses(run_check(bucket_mfa_delete, judged, **more))
