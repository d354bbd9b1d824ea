import pytest

from awsaudit import Status
from awsaudit.resources.s3 import OBJECTS, TAGGING, VERSIONING, Bucket
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.s3.tfstate_versioning import tfstate_versioning
from tests.checks.s3.buckets import bucket, holding


@pytest.mark.parametrize(("versioning", "found"), [({}, "never enabled"), ({"Status": "Suspended"}, "Suspended")])
def test_flags_state_without_versions(versioning, found):
    """
    Never enabled, or suspended; with the command.
    """
    [finding] = run_check(tfstate_versioning, bucket(name="acme-tfstate", versioning=versioning))

    assert (Status.FAIL, found) == (finding.status, finding.found)
    assert finding.fix == (
        "aws s3api put-bucket-versioning --region eu-west-1 --bucket acme-tfstate --versioning-configuration Status=Enabled"
    )


def test_accepts_versions_and_leaves_other_buckets():
    """
    Enabled; what keeps no state is another check's matter, unless it is named or has state in it.
    """
    other = bucket(name="ledger", versioning={})
    filled = bucket(versioning={}, objects=holding("a.txt", "eu/terraform.tfstate"))

    assert [Status.FAIL] == statuses(run_check(tfstate_versioning, filled))

    assert [Status.PASS] == statuses(run_check(tfstate_versioning, bucket(name="acme-tfstate")))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(tfstate_versioning, other))
    assert [Status.FAIL] == statuses(run_check(tfstate_versioning, other, buckets=("ledger",)))


def test_what_was_refused_is_unknown():
    """
    Versioning, and the tags that say what a bucket is for.
    """
    hidden = bucket(name="acme-tfstate", versioning=refused(Bucket, VERSIONING))
    untold = bucket(tagging=refused(Bucket, TAGGING))

    unlisted = bucket(objects=refused(Bucket, OBJECTS))

    assert [Status.UNKNOWN] == statuses(run_check(tfstate_versioning, unlisted))
    assert [Status.UNKNOWN] * 2 == statuses(f for b in (hidden, untold) for f in run_check(tfstate_versioning, b))
