import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.secretsmanager.rotation_enabled import rotation_enabled


FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"


@pytest.mark.parametrize("fields", [{}, {"RotationEnabled": False}, {"Type": "SalesforceClientSecret"}])
def test_flags_a_secret_that_does_not_rotate(secret, fields):
    """
    Rotation off, or never set up, fails; without a function there is no command that would do.
    """
    (finding,) = run_check(rotation_enabled, secret(**fields))

    assert (Status.FAIL, "rotation is off", None) == (finding.status, finding.message, finding.fix)


def test_turns_rotation_on_again(secret):
    """
    Where the function of an earlier rotation is still attached, the command names it.
    """
    (finding,) = run_check(rotation_enabled, secret(RotationEnabled=False, RotationLambdaARN=FUNCTION))

    assert f"rotation is off; {FUNCTION} used to rotate it" == finding.message
    assert (
        "aws secretsmanager rotate-secret --region eu-west-1 "
        "--secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf "
        f"--rotation-lambda-arn {FUNCTION} --rotation-rules AutomaticallyAfterDays=30 --no-rotate-immediately"
        == finding.fix
    )


@pytest.mark.parametrize("fields", [{"RotationLambdaARN": FUNCTION}, {}, {"Type": "SalesforceClientSecret"}])
def test_accepts_every_kind_of_rotation(secret, fields):
    """
    Rotation by a function, by AWS and by a partner all pass.
    """
    assert [Status.PASS] == statuses(run_check(rotation_enabled, secret(RotationEnabled=True, **fields)))


@pytest.mark.parametrize(
    "fields", [{"PrimaryRegion": "us-east-1"}, {"OwningService": "rds"}, {"DeletedDate": "2026-11-20T00:00:00Z"}]
)
def test_does_not_concern_replicas_owned_and_deleted_secrets(secret, fields):
    """
    Replicas follow their primary, owned secrets their service, and what is deleted needs no rotation.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation_enabled, secret(**fields)))


def test_judges_a_primary(secret):
    """
    A secret whose primary region is its own is judged.
    """
    assert [Status.FAIL] == statuses(run_check(rotation_enabled, secret(PrimaryRegion="eu-west-1")))


def test_a_tag_may_exempt(secret):
    """
    The option names a tag, with or without its value.
    """
    tagged = secret(Tags=[{"Key": "rotation", "Value": "never"}])

    for tag, status in (("rotation", Status.NOT_APPLICABLE), ("rotation=later", Status.FAIL), ("", Status.FAIL)):
        assert [status] == statuses(run_check(rotation_enabled, tagged, exempt_tag=tag))
