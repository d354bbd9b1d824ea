import pytest

from awsaudit import Status
from awsaudit.resources.iam import Role
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit_checks.iam.policy_kms_decrypt_all import policy_kms_decrypt_all
from tests.checks.iam.people import allow, deny, policy, role, verdict


KEYS = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key"


@pytest.mark.parametrize(
    "statement",
    [
        allow("kms:Decrypt"),
        allow("kms:*"),
        allow("kms:Dec*"),
        allow(["kms:ReEncrypt*"]),
        allow("kms:Decrypt", f"arn:aws:kms:*:{ACCOUNT}:key/*"),
        allow("kms:Decrypt", f"{KEYS}/*"),
    ],
)
def test_every_key_fails(statement):
    """
    However it is spelled, and in one region too.
    """
    assert Status.FAIL is verdict(policy_kms_decrypt_all, policy("wide", statement))
    assert Status.FAIL is verdict(policy_kms_decrypt_all, role("ops", statement))


@pytest.mark.parametrize(
    "statements",
    [
        [allow("kms:Decrypt", f"{KEYS}/1234abcd-12ab-34cd-56ef-1234567890ab")],
        [allow("kms:Encrypt")],
        [allow("kms:Decrypt", StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"})],
        [allow("kms:Decrypt", **{"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}})],
        [allow("kms:Decrypt", StringEquals={"kms:EncryptionContext:app": "ledger"})],
        [allow("kms:Decrypt", StringEquals={"aws:ResourceTag/app": "ledger"})],
        [allow("kms:Decrypt"), deny("kms:*")],
        [allow("*")],
    ],
)
def test_named_keys_and_conditions_pass(statements):
    """
    So does what a Deny takes back; a policy that allows everything is another check's finding.
    """
    assert Status.PASS is verdict(policy_kms_decrypt_all, policy("sound", *statements))


def test_policies_of_aws_are_not_judged():
    """
    Nobody can change them.
    """
    of_aws = policy("X", allow("kms:*"), arn="arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser")

    assert Status.NOT_APPLICABLE is verdict(policy_kms_decrypt_all, of_aws)


def test_refused_evidence_is_unknown():
    """
    What it may do was not told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(policy_kms_decrypt_all, fake(Role, {})))
