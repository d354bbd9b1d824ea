import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.kms.key_policy_wildcard_action import key_policy_wildcard_action
from tests.checks.policies import OWN, STRANGER, allow, document, policy_in


ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
ROOT = {**allow({"AWS": f"arn:aws:iam::{OWN}:root"}), "Sid": "Root", "Action": "kms:*"}


def key(policy, grants=(), **described):
    metadata = {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT", **described}
    text = {"Policy": json.dumps(policy)} if policy else None
    return fake(Key, {LIST: {"KeyId": ID, "KeyArn": ARN}, DESCRIBE: metadata, POLICY: text, GRANTS: list(grants)})


SIGNER = f"arn:aws:iam::{OWN}:role/signer"


def everything(principal, action="kms:*", **conditions):
    return {**allow(principal, **conditions), "Action": action, "Sid": "Signer"}


@pytest.mark.parametrize("action", ["*", "kms:*", "KMS:*", ["kms:DescribeKey", "kms:*"]])
@pytest.mark.parametrize("principal", [{"AWS": SIGNER}, {"AWS": [f"arn:aws:iam::{OWN}:root", SIGNER]}])
def test_flags_users_who_administer(principal, action):
    """
    A role that may do everything fails; the command leaves it the use of the key, and the root what it had.
    """
    (finding,) = run_check(key_policy_wildcard_action, key(document([ROOT, everything(principal, action)], "kms:*")))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    after = policy_in(finding.fix, "--policy")
    assert {
        "Sid": "Signer use",
        "Effect": "Allow",
        "Principal": {"AWS": [SIGNER]},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
    } == after["Statement"][-1]
    assert ROOT["Principal"] == after["Statement"][0]["Principal"]
    assert [Status.PASS] == statuses(run_check(key_policy_wildcard_action, key(after)))


def test_leaves_what_the_key_is_for():
    """
    A key that signs is left to sign.
    """
    signing = key(document([ROOT, everything({"AWS": SIGNER})], "kms:*"), KeyUsage="SIGN_VERIFY")
    (finding,) = run_check(key_policy_wildcard_action, signing)

    assert "kms:Sign" in policy_in(finding.fix, "--policy")["Statement"][-1]["Action"]


def test_flags_everything_but():
    """
    NotAction is a wildcard, too.
    """
    most = {**allow({"AWS": SIGNER}), "NotAction": "kms:DisableKey", "Resource": "*"}
    (finding,) = run_check(key_policy_wildcard_action, key({"Statement": [{**ROOT, "Resource": "*"}, most]}))

    assert (Status.FAIL, "everything but kms:DisableKey") == (finding.status, finding.found)


def test_prints_no_command_that_locks_the_key():
    """
    KMS refuses a policy by which nobody could replace it again.
    """
    (finding,) = run_check(key_policy_wildcard_action, key(document([everything({"AWS": SIGNER})], "kms:*")))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_is_low_by_way_of_a_service():
    """
    Administration does not come by way of a service.
    """
    via = everything({"AWS": SIGNER}, StringEquals={"kms:ViaService": "ebs.eu-west-1.amazonaws.com"})
    (finding,) = run_check(key_policy_wildcard_action, key(document([ROOT, via], "kms:*")))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    "action", ["kms:Decrypt", ["kms:Create*", "kms:Put*", "kms:Describe*"], ["kms:Encrypt", "kms:GenerateDataKey*"]]
)
def test_accepts_listed_actions(action):
    """
    Administrators have wildcards of their own, users theirs.
    """
    policy = document([ROOT, everything({"AWS": SIGNER}, action)], "kms:*")

    assert [Status.PASS] == statuses(run_check(key_policy_wildcard_action, key(policy)))


@pytest.mark.parametrize("principal", ["*", {"AWS": STRANGER}, {"Service": "logs.amazonaws.com"}, {"AWS": OWN}])
def test_leaves_others_to_other_checks(principal):
    """
    The root delegates; everybody, foreign accounts and services are judged elsewhere.
    """
    assert [Status.PASS] == statuses(
        run_check(key_policy_wildcard_action, key(document([everything(principal)], "kms:*")))
    )


def test_accepts_administrators():
    """
    Whom the owner names under [trust] administrators may do everything.
    """
    policy = document([ROOT, everything({"AWS": SIGNER})], "kms:*")
    found = run_check(
        key_policy_wildcard_action, key(policy), trust=Trust(administrators=("arn:aws:iam::*:role/sign*",))
    )

    assert [Status.PASS] == statuses(found)


def test_does_not_concern_keys_that_aws_manages():
    """
    AWS writes the policies of its own keys.
    """
    found = run_check(key_policy_wildcard_action, key(None, KeyManager="AWS"))

    assert [Status.NOT_APPLICABLE] == statuses(found)
