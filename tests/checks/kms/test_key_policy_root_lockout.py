import json

import pytest

from awsaudit import Status
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.kms.key_policy_root_lockout import key_policy_root_lockout
from tests.checks.policies import DELETED, OWN, STRANGER, allow, document


ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
ROOT = {**allow({"AWS": f"arn:aws:iam::{OWN}:root"}), "Sid": "Root", "Action": "kms:*"}


def key(policy, grants=(), **described):
    metadata = {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT", **described}
    text = {"Policy": json.dumps(policy)} if policy else None
    return fake(Key, {LIST: {"KeyId": ID, "KeyArn": ARN}, DESCRIBE: metadata, POLICY: text, GRANTS: list(grants)})


SIGNER = f"arn:aws:iam::{OWN}:role/signer"
ALICE = f"arn:aws:iam::{OWN}:user/alice"


def role(arn=SIGNER):
    return fake(Role, {Role.arn.call: {"Arn": arn}})


def user(arn=ALICE):
    return fake(User, {User.arn.call: {"Arn": arn}})


@pytest.mark.parametrize(
    "statements",
    [
        [allow({"AWS": DELETED})],
        [allow({"AWS": f"arn:aws:iam::{OWN}:role/gone"})],
        [allow({"AWS": SIGNER}), allow({"AWS": DELETED})],
        [{**ROOT, "Action": "kms:Decrypt"}],
        [allow({"AWS": OWN}, StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"})],
        [allow({"AWS": OWN}, ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/gone"})],
        [ROOT, {**allow({"AWS": "*"}), "Effect": "Deny", "Action": "kms:PutKeyPolicy"}],
    ],
    ids=str,
)
def test_flags_a_key_that_nobody_can_change(statements):
    """
    Deleted principals, conditions that nobody who exists meets, and a Deny leave a key that is nobody's; no command helps.
    """
    own = statements[0].get("Principal") == {"AWS": SIGNER}
    first = [{**statements[0], "Action": "kms:Decrypt"}, *statements[1:]] if own else statements
    (finding,) = run_check(key_policy_root_lockout, key(document(first, "kms:*")), role(), user())

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "statement",
    [
        ROOT,
        {**ROOT, "Action": "kms:Put*"},
        allow({"AWS": [DELETED, SIGNER]}),
        allow({"AWS": ALICE}),
        allow({"AWS": OWN}, ArnEquals={"aws:PrincipalArn": SIGNER}),
        allow({"AWS": OWN}, Bool={"aws:MultiFactorAuthPresent": "true"}),
        allow(StringEquals={"aws:PrincipalAccount": OWN}),
    ],
    ids=str,
)
def test_accepts_a_key_that_somebody_can_change(statement):
    """
    The root, and any user or role that exists and can meet the conditions.
    """
    found = run_check(key_policy_root_lockout, key(document([statement], "kms:*")), role(), user())

    assert [Status.PASS] == statuses(found)


def test_asks_nobody_where_the_root_may():
    """
    With the root's statement it does not matter who could be listed.
    """
    found = run_check(key_policy_root_lockout, key(document([ROOT], "kms:*")), unlisted=(Role, User))

    assert [Status.PASS] == statuses(found)


def test_does_not_guess_who_exists():
    """
    Without it, roles that could not be listed leave it unknown, and so do principals of other accounts.
    """
    named = key(document([allow({"AWS": SIGNER})], "kms:*"))
    foreign = key(document([allow({"AWS": STRANGER})], "kms:*"))

    assert [Status.UNKNOWN] == statuses(run_check(key_policy_root_lockout, named, unlisted=(Role,)))
    assert [Status.UNKNOWN] == statuses(run_check(key_policy_root_lockout, foreign))


@pytest.mark.parametrize("described", [{"KeyManager": "AWS"}, {"KeyState": "PendingDeletion"}])
def test_does_not_concern_keys_that_go_or_are_not_yours(described):
    """
    AWS writes the policies of its own keys; what is to be deleted goes.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(key_policy_root_lockout, key(None, **described)))
