import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.kms.key_policy_public import key_policy_public
from tests.checks.policies import OWN, PublicPolicies, allow, document, policy_in


ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
ROOT = {**allow({"AWS": f"arn:aws:iam::{OWN}:root"}), "Sid": "Root", "Action": "kms:*"}


def key(policy, grants=(), **described):
    metadata = {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT", **described}
    text = {"Policy": json.dumps(policy)} if policy else None
    return fake(Key, {LIST: {"KeyId": ID, "KeyArn": ARN}, DESCRIBE: metadata, POLICY: text, GRANTS: list(grants)})


class TestPublicPolicies(PublicPolicies):
    check = key_policy_public
    action = "kms:Decrypt"

    def make(self, policy):
        return key({**policy, "Statement": [*policy["Statement"], ROOT]} if policy else None)

    def mended(self, finding):
        policy = policy_in(finding.fix, "--policy")
        return {**policy, "Statement": [s for s in policy["Statement"] if s != ROOT]}


def test_accepts_the_policy_of_a_new_key():
    """
    The account's root delegates to IAM; that lets nobody in.
    """
    assert [Status.PASS] == statuses(run_check(key_policy_public, key(document([ROOT], "kms:*"))))


def test_does_not_concern_keys_that_aws_manages():
    """
    AWS writes the policies of its own keys.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(key_policy_public, key(None, KeyManager="AWS")))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"kms:CallerAccount": OWN}},
        {"StringEquals": {"kms:CallerAccount": OWN, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
    ],
)
def test_accepts_a_fixed_caller(condition):
    """
    Policies that CloudTrail and CDK write bind the caller's account.
    """
    assert [Status.PASS] == statuses(run_check(key_policy_public, key(document([allow(**condition)], "kms:Decrypt"))))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        {"StringEquals": {"kms:EncryptionContext:app": "signer"}},
        {"Bool": {"kms:GrantIsForAWSResource": "true"}},
    ],
)
def test_flags_what_binds_no_account(condition):
    """
    By way of a service everybody comes from his own account, and whoever asks writes the encryption context.
    """
    assert [Status.FAIL] == statuses(run_check(key_policy_public, key(document([allow(**condition)], "kms:Decrypt"))))


@pytest.mark.parametrize(
    ("actions", "severity"),
    [
        ("kms:*", Severity.CRITICAL),
        ("kms:Decrypt", Severity.CRITICAL),
        (["kms:DescribeKey", "kms:CreateGrant"], Severity.CRITICAL),
        ("kms:ReEncrypt*", Severity.CRITICAL),
        (["kms:Encrypt", "kms:DescribeKey"], Severity.HIGH),
        ("kms:GenerateMac", Severity.HIGH),
        (["kms:DescribeKey", "kms:GetPublicKey", "kms:Verify*"], Severity.LOW),
    ],
)
def test_grades_by_what_is_open(actions, severity):
    """
    To open or sign is worst, to look is least.
    """
    (finding,) = run_check(key_policy_public, key(document([allow()], actions)))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)


def test_judges_keys_that_are_to_be_deleted():
    """
    Until then the deletion can be taken back.
    """
    found = run_check(key_policy_public, key(document([allow()], "kms:Decrypt"), KeyState="PendingDeletion"))

    assert [Status.FAIL] == statuses(found)
