import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import ACCOUNT_PUBLIC_ACCESS, LIST, POLICY, PUBLIC_ACCESS, AccountPublicAccess, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.bucket_policy_cross_account import bucket_policy_cross_account
from tests.checks.policies import MEMBER, OWN, STRANGER, SharedPolicies, allow, document, policy_in


OPEN = {"BlockPublicAcls": False, "IgnorePublicAcls": False, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
RESTRICTED = {**OPEN, "RestrictPublicBuckets": True}
EVERYWHERE = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
INSIDE = "arn:aws:s3:::ledger/*"


def ledger(policy, block=None):
    listed = {"Name": "ledger", "CreationDate": "2026-01-02T03:04:05Z", "BucketRegion": "eu-west-1"}
    text = {"Policy": json.dumps(policy)} if policy else None
    return fake(Bucket, {LIST: listed, POLICY: text, PUBLIC_ACCESS: block})


class TestSharedPolicies(SharedPolicies):
    check = bucket_policy_cross_account
    action = "s3:GetObject"
    resource = INSIDE

    def found(self, case, *others, **more):
        return super().found(case, EVERYWHERE, *others, **more)

    def make(self, policy):
        return ledger(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy") if "--policy" in finding.fix else None


@pytest.mark.parametrize(
    ("actions", "severity"),
    [("s3:*", Severity.MEDIUM), (["s3:GetObject", "s3:PutBucketPolicy"], Severity.MEDIUM), ("s3:GetObject", None)],
)
def test_flags_known_accounts_that_rule_the_bucket(actions, severity):
    """
    To rewrite policy, ACLs or encryption is not for other accounts: medium where they are known; the rest is left.
    """
    policy = document([allow({"AWS": STRANGER})], actions, ["arn:aws:s3:::ledger", INSIDE])
    (finding,) = run_check(bucket_policy_cross_account, ledger(policy), EVERYWHERE, MEMBER)

    assert (Status.FAIL if severity else Status.PASS) is finding.status
    if severity:
        assert severity is finding.severity
        after = policy_in(finding.fix, "--policy")
        assert "s3:GetObject" in after["Statement"][0]["Action"]
        again = run_check(bucket_policy_cross_account, ledger(after), EVERYWHERE, MEMBER)
        assert [Status.PASS] == statuses(again)


def test_deletes_a_policy_without_statements():
    """
    Where nothing is left the command deletes the policy.
    """
    policy = document([allow({"AWS": STRANGER})], "s3:GetObject", INSIDE)
    (finding,) = run_check(bucket_policy_cross_account, ledger(policy))

    assert "aws s3api delete-bucket-policy --region eu-west-1 --bucket ledger" == finding.fix


@pytest.mark.parametrize("account", ["054676820928", "053454850223", "035351147821"])
def test_knows_the_accounts_that_deliver_logs(account):
    """
    Load balancers, Redshift and old trails write from accounts of AWS's own; for more than that they are strangers.
    """
    name = {"AWS": f"arn:aws:iam::{account}:root"}
    written = document([allow(name)], ["s3:PutObject", "s3:GetBucketAcl"], ["arn:aws:s3:::ledger", INSIDE])
    read = document([allow(name)], ["s3:PutObject", "s3:GetObject"], INSIDE)

    assert [Status.PASS] == statuses(run_check(bucket_policy_cross_account, ledger(written)))
    assert [Status.FAIL] == statuses(run_check(bucket_policy_cross_account, ledger(read)))


BOTH = document([allow(), allow({"AWS": STRANGER})], "s3:GetObject", INSIDE)


@pytest.mark.parametrize("wide", [OPEN, RESTRICTED])
@pytest.mark.parametrize("own", [None, OPEN, RESTRICTED])
def test_heeds_what_s3_blocks(own, wide):
    """
    With a public policy S3 serves the account only where bucket or account restrict it; else the stranger gets in.
    """
    account = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: wide})
    (finding,) = run_check(bucket_policy_cross_account, ledger(BOTH, own), account)

    assert (Status.PASS if RESTRICTED in (own, wide) else Status.FAIL) is finding.status


def test_restricts_no_policy_that_is_not_public():
    """
    An account that is named gets in whatever is blocked.
    """
    policy = document([allow({"AWS": STRANGER})], "s3:GetObject", INSIDE)

    assert [Status.FAIL] == statuses(run_check(bucket_policy_cross_account, ledger(policy, RESTRICTED), EVERYWHERE))


@pytest.mark.parametrize("own", [refused(Bucket, PUBLIC_ACCESS), OPEN])
def test_does_not_guess_what_s3_blocks(own):
    """
    Where a public policy makes it matter, settings that could not be read leave it unknown.
    """
    hidden = fake(AccountPublicAccess, {})

    assert [Status.UNKNOWN] == statuses(run_check(bucket_policy_cross_account, ledger(BOTH, own), hidden))


def test_does_not_guess_canonical_users():
    """
    No call tells whose a canonical user is; CloudFront's identities are the account's own.
    """
    someone = document(
        [allow({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"})],
        "s3:GetObject",
        INSIDE,
    )
    front = document(
        [allow({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"})],
        "s3:GetObject",
        INSIDE,
    )

    assert [Status.UNKNOWN] == statuses(run_check(bucket_policy_cross_account, ledger(someone)))
    assert [Status.PASS] == statuses(run_check(bucket_policy_cross_account, ledger(front)))


@pytest.mark.parametrize("service", ["cloudtrail.amazonaws.com", "logging.s3.amazonaws.com"])
def test_leaves_services_to_other_checks(service):
    """
    A service is no account.
    """
    policy = document([allow({"Service": service}, StringEquals={"aws:SourceAccount": OWN})], "s3:PutObject", INSIDE)

    assert [Status.PASS] == statuses(run_check(bucket_policy_cross_account, ledger(policy)))
