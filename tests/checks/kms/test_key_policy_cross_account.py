import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.kms.key_policy_cross_account import key_policy_cross_account
from tests.checks.policies import DELETED, MEMBER, OWN, STRANGER, SharedPolicies, allow, document, policy_in


ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
ROOT = {**allow({"AWS": f"arn:aws:iam::{OWN}:root"}), "Sid": "Root", "Action": "kms:*"}


def key(policy, grants=(), **described):
    metadata = {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT", **described}
    text = {"Policy": json.dumps(policy)} if policy else None
    return fake(Key, {LIST: {"KeyId": ID, "KeyArn": ARN}, DESCRIBE: metadata, POLICY: text, GRANTS: list(grants)})


class TestSharedPolicies(SharedPolicies):
    check = key_policy_cross_account
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
    assert [Status.PASS] == statuses(run_check(key_policy_cross_account, key(document([ROOT], "kms:*"))))


def test_does_not_concern_keys_that_aws_manages():
    """
    AWS writes the policies of its own keys.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(key_policy_cross_account, key(None, KeyManager="AWS")))


def grant(grantee):
    return {"GrantId": "g1", "GranteePrincipal": grantee, "Operations": ["Decrypt", "GenerateDataKey"]}


DEFAULT = document([ROOT], "kms:*")


def test_flags_grants_for_accounts_that_nobody_knows():
    """
    A grant needs no line in the policy; the command revokes it.
    """
    foreign = key(DEFAULT, [grant(f"arn:aws:iam::{STRANGER}:role/watcher")])
    (finding,) = run_check(key_policy_cross_account, foreign)

    assert (Status.FAIL, Severity.HIGH, f"account {STRANGER}") == (finding.status, finding.severity, finding.found)
    assert f"the grant g1 for arn:aws:iam::{STRANGER}:role/watcher" == finding.path[1].by
    assert f"aws kms revoke-grant --region eu-west-1 --key-id {ID} --grant-id g1" == finding.fix
    assert [Status.PASS] == statuses(run_check(key_policy_cross_account, foreign, MEMBER))


@pytest.mark.parametrize(
    "grantee",
    [
        "rds.eu-west-1.amazonaws.com",
        "dynamodb.amazonaws.com",
        f"arn:aws:iam::{OWN}:role/signer",
        f"arn:aws:sts::{OWN}:assumed-role/aws:ec2-infrastructure/i-0a1b",
    ],
)
def test_accepts_grants_for_services_and_the_own_account(grantee):
    """
    Services hold grants for what they encrypt.
    """
    assert [Status.PASS] == statuses(run_check(key_policy_cross_account, key(DEFAULT, [grant(grantee)])))


def test_tells_grants_for_deleted_principals():
    """
    Such a grant is a leftover: low.
    """
    (finding,) = run_check(key_policy_cross_account, key(DEFAULT, [grant(DELETED)]))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


def test_does_not_guess_whose_a_grant_is():
    """
    Where the organization's accounts could not be listed it is unknown, and nothing of a stranger's is hidden by that.
    """
    hidden = key(DEFAULT, [grant(f"arn:aws:iam::{STRANGER}:role/watcher")])

    assert [Status.UNKNOWN] == statuses(run_check(key_policy_cross_account, hidden, unlisted=(OrganizationAccount,)))


def test_prints_no_command_that_locks_the_key():
    """
    KMS refuses a policy by which nobody could replace it again.
    """
    (finding,) = run_check(key_policy_cross_account, key(document([allow({"AWS": DELETED})], "kms:*")))

    assert (Status.FAIL, None) == (finding.status, finding.fix)
