import pytest

from awsaudit import Status
from awsaudit.resources.ecr import KEY, Repository
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.ecr.kms_encryption import kms_encryption


ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def encrypted(kind="KMS", key=ARN):
    return {"encryptionConfiguration": {"encryptionType": kind, "kmsKey": key}}


@pytest.mark.parametrize("fields", [{}, encrypted("AES256", None)])
def test_flags_the_default(repository, fields):
    """
    AES256, also where AWS says nothing, fails; the command makes a key and a second repository.
    """
    (finding,) = run_check(kms_encryption, repository(**fields))

    assert (Status.FAIL, "AES256") == (finding.status, finding.found)
    assert (
        "KEY=$(aws kms create-key --region eu-west-1 --query KeyMetadata.Arn --output text) "
        '&& aws kms enable-key-rotation --region eu-west-1 --key-id "$KEY" '
        "&& aws ecr create-repository --region eu-west-1 --repository-name validators-kms "
        '--image-tag-mutability IMMUTABLE --encryption-configuration encryptionType=KMS,kmsKey="$KEY"' == finding.fix
    )


@pytest.mark.parametrize("kind", ["KMS", "KMS_DSSE"])
@pytest.mark.parametrize("manager", ["AWS", "CUSTOMER"])
def test_accepts_any_kms_key(repository, kind, manager):
    """
    Single and double-layered encryption pass, whoever manages the key.
    """
    details = {KEY: {"KeyManager": manager}}

    assert [Status.PASS] == statuses(run_check(kms_encryption, repository(details, **encrypted(kind))))


def test_strict_wants_a_customer_key(repository):
    """
    With the option a key that AWS manages fails, named or not, and a customer key passes.
    """
    managed = repository({KEY: {"KeyManager": "AWS"}}, **encrypted())
    unnamed = repository({KEY: None}, **encrypted(key=None))
    own = repository({KEY: {"KeyManager": "CUSTOMER"}}, **encrypted())

    assert [Status.FAIL] == statuses(run_check(kms_encryption, managed, strict=True))
    assert ["aws/ecr"] == [f.found for f in run_check(kms_encryption, unnamed, strict=True)]
    assert [Status.PASS] == statuses(run_check(kms_encryption, own, strict=True))


def test_a_hidden_key_matters_to_strict_only(repository):
    """
    A key that may not be described is unknown with the option, and no matter without.
    """
    hidden = repository({KEY: refused(Repository, KEY)}, **encrypted())

    assert [Status.PASS] == statuses(run_check(kms_encryption, hidden))
    assert [Status.UNKNOWN] == statuses(run_check(kms_encryption, hidden, strict=True))
