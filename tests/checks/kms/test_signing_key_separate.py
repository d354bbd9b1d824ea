import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import run_check, statuses
from awsaudit_checks.kms.signing_key_separate import signing_key_separate
from tests.estate import OWN, allow, alone, deny, key, role


SIGN = allow("kms:Sign")
ROOT = allow("kms:*", Principal={"AWS": f"arn:aws:iam::{OWN}:root"})
SIGNER, OTHER = role("signer", SIGN), role("web", SIGN)


def signing(*statements, spec="ECC_SECG_P256K1", **more):
    return key("k-1", *statements, usage="SIGN_VERIFY", KeySpec=spec, **more)


def judge(*holders, of=None, **options):
    return run_check(signing_key_separate, of or signing(), *holders, *alone(), **options)


def test_one_signer_passes():
    """
    One role that signs, and administrators besides.
    """
    assert [Status.PASS] == statuses(judge(SIGNER, role("admin", allow("*")), role("app", allow("s3:*"))))


def test_flags_more_than_one_signer():
    """
    Each further signer is another way to the funds.
    """
    [finding] = judge(SIGNER, OTHER)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "2 principals may sign: signer, web" in finding.message
    assert ["AWS::IAM::Role", "AWS::KMS::Key"] == [hop.type for hop in finding.path]


def test_flags_a_signer_who_is_not_configured():
    """
    With *signers* all others fail, also when alone.
    """
    names = (f"arn:aws:iam::{OWN}:role/sig*",)

    assert [Status.PASS] == statuses(judge(SIGNER, signers=names))
    assert ["web may sign, and is none of the signers"] == [f.message for f in judge(SIGNER, OTHER, signers=names)]


def test_a_grant_lets_sign():
    """
    Grants let sign like policies do.
    """
    granted = {"GrantId": "g", "GranteePrincipal": f"arn:aws:iam::{OWN}:role/idle", "Operations": ["Sign"]}

    assert [Status.FAIL] == statuses(judge(SIGNER, role("idle"), of=signing(ROOT, grants=[granted])))


@pytest.mark.parametrize("rule", ["kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion"])
def test_flags_a_signer_who_rules_the_key(rule):
    """
    Who signs must not be able to let others sign, or to destroy the key.
    """
    [finding] = judge(role("signer", SIGN, allow(rule)))

    assert f"signer may sign and {rule}" == finding.message


def test_the_key_policy_can_leave_one_signer():
    """
    A policy that denies all others leaves one, whatever their identity policies say.
    """
    only = deny("kms:Sign", Principal="*", Condition={"ArnNotEquals": {"aws:PrincipalArn": SIGNER.arn}})

    assert [Status.PASS] == statuses(judge(SIGNER, OTHER, of=signing(ROOT, only)))


@pytest.mark.parametrize(
    "of", [key("k-1"), signing(spec="ECC_NIST_P256"), signing(manager="AWS"), signing(spec="ECC_NIST_EDWARDS25519")]
)
def test_does_not_apply(of):
    """
    Keys that encrypt, other curves, and AWS's own.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(SIGNER, of=of))


def test_other_curves_can_be_added():
    """
    Chains that sign with ed25519 name it.
    """
    assert [Status.FAIL] == statuses(
        judge(SIGNER, OTHER, of=signing(spec="ECC_NIST_EDWARDS25519"), specs=("ECC_NIST_EDWARDS25519",))
    )


def test_what_cannot_be_seen_is_unknown():
    """
    Roles that could not be listed, and policies that AWS does not tell.
    """
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Role]))
    assert [Status.UNKNOWN] == statuses(judge(role("x", attached=[f"arn:aws:iam::{OWN}:policy/hidden"])))
