import pytest

from awsaudit import Severity, Status
from awsaudit.resources.secretsmanager import DEFAULT_KEY_POLICY, KEY, NAMED_KEY_POLICY, Secret
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.secretsmanager.cmk import cmk


def policy(principal="*", effect="Allow", **condition):
    statement = {"Effect": effect, "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    statement |= {"Condition": {"StringEquals": condition}} if condition else {}
    return {"ResourcePolicy": {"Version": "2012-10-17", "Statement": statement}}


def test_flags_the_default_key(secret):
    """
    A secret that names no key fails; the command makes one and uses it.
    """
    (finding,) = run_check(cmk, secret({DEFAULT_KEY_POLICY: {}}))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "it is encrypted with a key that AWS manages" == finding.message
    assert (
        "KEY=$(aws kms create-key --region eu-west-1 --query KeyMetadata.KeyId --output text) "
        '&& aws kms enable-key-rotation --region eu-west-1 --key-id "$KEY" '
        "&& aws secretsmanager update-secret --region eu-west-1 "
        '--secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf --kms-key-id "$KEY"'
        == finding.fix
    )


@pytest.mark.parametrize(
    ("named", "details"),
    [
        ("1234abcd", {KEY: {"KeyManager": "AWS"}, NAMED_KEY_POLICY: {}}),
        ("alias/aws/secretsmanager", {KEY: refused(Secret, KEY), NAMED_KEY_POLICY: {}}),
    ],
)
def test_flags_an_aws_managed_key_by_name(secret, named, details):
    """
    A key that AWS manages fails also if the secret names it; its alias tells without asking KMS.
    """
    (finding,) = run_check(cmk, secret(details, KmsKeyId=named))

    assert (Status.FAIL, named) == (finding.status, finding.found)


@pytest.mark.parametrize(
    "shared",
    [
        policy({"AWS": "arn:aws:iam::444455556666:root"}),
        policy({"AWS": ["111122223333", "444455556666"]}),
        policy("*"),
        policy({"AWS": "*"}, **{"aws:PrincipalOrgID": "o-1234567890"}),
        policy("*", **{"aws:PrincipalAccount": ["111122223333", "444455556666"]}),
        policy("*", **{"AWS:PrincipalArn": "arn:aws:iam::444455556666:role/signer"}),
    ],
)
def test_is_high_where_the_secret_is_shared(secret, shared):
    """
    Another account that the policy admits cannot read the secret under AWS's key.
    """
    (finding,) = run_check(cmk, secret({DEFAULT_KEY_POLICY: shared}))

    assert Severity.HIGH is finding.severity
    assert finding.message.endswith("so the other accounts that its policy admits cannot read it")


@pytest.mark.parametrize(
    "own",
    [
        {"ResourcePolicy": None},
        policy({"AWS": "arn:aws:iam::111122223333:role/signer"}),
        policy({"Service": "rds.amazonaws.com"}),
        policy("*", "Deny"),
        policy("*", **{"aws:PrincipalAccount": "111122223333"}),
        policy("*", **{"aws:SourceVpce": "vpce-1"}),
    ],
)
def test_is_low_where_only_its_own_account_reads(secret, own):
    """
    A policy for the own account, for services, or that refuses, shares nothing.
    """
    (finding,) = run_check(cmk, secret({DEFAULT_KEY_POLICY: own}))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


def test_prints_no_command_for_a_replica(secret):
    """
    A replica is judged with its own key, which is named at the primary.
    """
    (finding,) = run_check(cmk, secret({DEFAULT_KEY_POLICY: {}}, PrimaryRegion="us-east-1"))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("named", ["1234abcd", "arn:aws:kms:eu-west-1:111122223333:alias/signer"])
def test_accepts_a_customer_key(secret, named):
    """
    A customer key passes, named by its id or an alias.
    """
    assert [Status.PASS] == statuses(run_check(cmk, secret({KEY: {"KeyManager": "CUSTOMER"}}, KmsKeyId=named)))


def test_accepts_a_key_of_another_account_without_asking(secret):
    """
    A key of another account is a customer's: those that AWS manages there cannot be used from here.
    """
    foreign = secret({KEY: refused(Secret, KEY)}, KmsKeyId="arn:aws:kms:eu-west-1:444455556666:key/1234abcd")

    assert [Status.PASS] == statuses(run_check(cmk, foreign))


def test_remarks_on_a_key_that_is_gone(secret):
    """
    A key that does not exist is not AWS's; that it is missing is worth a remark.
    """
    (finding,) = run_check(cmk, secret({KEY: {"error_code": "NotFoundException"}}, KmsKeyId="1234abcd"))

    assert Status.PASS is finding.status
    assert ("its key 1234abcd does not exist (any more)",) == finding.notes


@pytest.mark.parametrize("fields", [{"OwningService": "events"}, {"DeletedDate": "2026-11-20T00:00:00Z"}])
def test_does_not_concern_owned_and_deleted_secrets(secret, fields):
    """
    The owning service chooses the key; what is deleted is left alone.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cmk, secret(**fields)))


def test_does_not_guess(secret):
    """
    A key that may not be described, and a policy that may not be read, leave it unknown.
    """
    for odd in (secret({KEY: refused(Secret, KEY)}, KmsKeyId="1234abcd"), secret()):
        assert [Status.UNKNOWN] == statuses(run_check(cmk, odd))
