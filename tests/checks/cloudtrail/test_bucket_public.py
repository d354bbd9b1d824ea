import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import BUCKET_ACL, BUCKET_BLOCK, BUCKET_OWNERSHIP, BUCKET_STATUS, OwnTrail
from awsaudit.resources.s3 import ACCOUNT_PUBLIC_ACCESS, AccountPublicAccess
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.cloudtrail.bucket_public import bucket_public
from tests.checks.cloudtrail.trails import GONE, HIDDEN, own


POLICY = {BUCKET_STATUS: {"IsPublic": True}}
ACL = {BUCKET_ACL: {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}]}}
LOGS = {BUCKET_ACL: {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}}]}}


def wide(**settings):
    return fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: settings or None})


@pytest.mark.parametrize(
    ("results", "settings", "keys"),
    [
        ({}, {}, []),
        (LOGS, {}, []),
        (POLICY, {}, ["policy"]),
        (ACL, {}, ["acl"]),
        ({**POLICY, **ACL}, {}, ["policy", "acl"]),
        ({**POLICY, BUCKET_BLOCK: {"RestrictPublicBuckets": True}}, {}, []),
        ({**POLICY, BUCKET_BLOCK: {"BlockPublicPolicy": True}}, {}, ["policy"]),
        ({**ACL, BUCKET_BLOCK: {"IgnorePublicAcls": True}}, {}, []),
        ({**ACL, BUCKET_OWNERSHIP: {"ObjectOwnership": "BucketOwnerEnforced"}}, {}, []),
        ({**POLICY, **ACL}, {"RestrictPublicBuckets": True}, ["acl"]),
        ({**POLICY, **ACL}, {"IgnorePublicAcls": True, "RestrictPublicBuckets": True}, []),
    ],
)
def test_judges_by_policy_and_acl_after_what_is_blocked(results, settings, keys):
    """
    Blocked at the bucket or for the account; the group that access logs are written by is not everybody.
    """
    findings = run_check(bucket_public, own(results), wide(**settings))

    assert keys == [finding.sub_key for finding in findings if finding.status is Status.FAIL]
    assert keys or [Status.PASS] == statuses(findings)


def test_names_the_bucket_and_where_it_is():
    """
    A trail may write to another region.
    """
    (finding,) = run_check(bucket_public, own(POLICY), wide())

    assert finding.fix.startswith(
        "aws s3api put-public-access-block --region eu-central-1 --bucket northlight-trail --public-access-block"
    )
    assert "arn:aws:s3:::northlight-trail" == finding.path[1].resource


def test_judges_buckets_of_the_account_only():
    """
    What is not there is not public, and another account's is not seen.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bucket_public, own(GONE), wide()))
    assert [Status.UNKNOWN] == statuses(run_check(bucket_public, own(HIDDEN), wide()))
    for call in (BUCKET_STATUS, BUCKET_ACL):
        assert [Status.UNKNOWN] == statuses(run_check(bucket_public, own({call: refused(OwnTrail, call)}), wide()))
