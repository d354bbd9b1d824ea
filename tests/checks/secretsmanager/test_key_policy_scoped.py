import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.secretsmanager.key_policy_scoped import key_policy_scoped
from tests.estate import FOREIGN, OWN, allow, alone, key, role, secret


ROOT = allow("kms:*", Principal={"AWS": f"arn:aws:iam::{OWN}:root"})
READER = role("reader", allow("secretsmanager:GetSecretValue", "kms:Decrypt"))
STRANGER = role("stranger", allow("s3:*"))
VIA = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}
SECRET = secret("api", key_id="k-1")


def decrypts(principal, **more):
    return allow("kms:Decrypt", Principal={"AWS": principal}, **more)


def judge(*statements, others=(SECRET, READER, STRANGER), **more):
    return run_check(key_policy_scoped, key("k-1", ROOT, *statements), *others, *alone(), **more)


def test_the_default_policy_passes():
    """
    It leaves it to IAM: nobody is let in by it alone.
    """
    assert [Status.PASS] == statuses(judge())


def test_a_reader_of_the_secret_passes():
    """
    Who may read the secret may decrypt with its key.
    """
    assert [Status.PASS] == statuses(judge(decrypts(READER.arn)))


def test_flags_who_may_decrypt_and_not_read():
    """
    A role that may read none of the secrets has no use for the key.
    """
    [finding] = judge(decrypts(STRANGER.arn))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "statement 2 of its policy lets stranger decrypt by any way" in finding.message
    assert ["AWS::IAM::Role", "AWS::KMS::Key", "AWS::SecretsManager::Secret"] == [hop.type for hop in finding.path]


@pytest.mark.parametrize(("principal", "who"), [("*", "anybody"), (FOREIGN, f"account {FOREIGN}")])
def test_flags_everybody_and_whole_accounts(principal, who):
    """
    Everybody, and a whole account that is not known.
    """
    [finding] = judge(decrypts(principal))

    assert Status.FAIL == finding.status
    assert f"lets {who} decrypt by any way; it locks api" in finding.message


@pytest.mark.parametrize("principal", ["*", FOREIGN, STRANGER.arn])
def test_by_way_of_secrets_manager_passes(principal):
    """
    Bound to Secrets Manager it opens nothing but what the secret's own policies allow.
    """
    assert [Status.PASS] == statuses(judge(decrypts(principal, Condition=VIA)))


def test_known_accounts_and_administrators_pass():
    """
    An account of the zone of trust, and who may do everything anyway.
    """
    admin = role("admin", allow("*"))

    assert [Status.PASS] == statuses(judge(decrypts(FOREIGN), trust=Trust(accounts=(FOREIGN,))))
    assert [Status.PASS] == statuses(judge(decrypts(admin.arn), others=(SECRET, admin)))


def test_does_not_apply():
    """
    A key that locks no secret, and one that AWS manages.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(others=(secret("api"),)))
    managed = run_check(key_policy_scoped, key("k-1", manager="AWS"), SECRET, *alone())
    assert [Status.NOT_APPLICABLE] == statuses(managed)


def test_what_cannot_be_seen_is_unknown():
    """
    A key policy that was refused, and secrets that could not be listed.
    """
    hidden = fake(
        Key,
        {
            LIST: {"KeyId": "k-1", "KeyArn": f"arn:aws:kms:eu-west-1:{OWN}:key/k-1"},
            DESCRIBE: {"KeyManager": "CUSTOMER"},
            POLICY: refused(Key, POLICY),
            GRANTS: [],
        },
    )

    assert [Status.UNKNOWN] == statuses(run_check(key_policy_scoped, hidden, SECRET, *alone()))
    assert [Status.UNKNOWN] == statuses(judge(others=(), unlisted=[Secret]))
