import pytest

from awsaudit import Status
from awsaudit.resources.s3 import LIST, VERSIONING, Bucket
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.s3.bucket_versioning import bucket_versioning


def bucket(versioning):
    listed = {"Name": "ledger", "CreationDate": "2026-01-02T03:04:05Z"}
    return fake(Bucket, {LIST: listed, VERSIONING: versioning})


@pytest.mark.parametrize(("versioning", "found"), [({}, "never enabled"), ({"Status": "Suspended"}, "Suspended")])
def test_flags_what_makes_no_versions(versioning, found):
    """
    Versioning that was never switched on and versioning that is suspended fail, with the command that turns it on.
    """
    (finding,) = run_check(bucket_versioning, bucket(versioning))

    assert (Status.FAIL, found) == (finding.status, finding.found)
    assert (
        "aws s3api put-bucket-versioning --region eu-west-1 --bucket ledger "
        "--versioning-configuration Status=Enabled" == finding.fix
    )


def test_accepts_versioning():
    """
    Enabled passes.
    """
    assert [Status.PASS] == statuses(run_check(bucket_versioning, bucket({"Status": "Enabled"})))
