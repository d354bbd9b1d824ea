import pytest

from awsaudit import Status
from awsaudit.resources.secretsmanager import PENDING_VERSIONS, Secret
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.secretsmanager.rotation_succeeds import rotation_succeeds


ON = {"RotationEnabled": True, "LastRotatedDate": "2026-11-01T00:00:00Z", "NextRotationDate": "2026-12-01T00:00:00Z"}
HANGING = {"SecretVersionsToStages": {"v1": ["AWSCURRENT"], "v2": ["AWSPENDING"]}}
ROTATE = (
    "aws secretsmanager rotate-secret --region eu-west-1 "
    "--secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"
)


def version(created):
    return [
        {"VersionId": "v1", "VersionStages": ["AWSCURRENT"], "CreatedDate": "2026-10-01T00:00:00Z"},
        {"VersionId": "v2", "VersionStages": ["AWSPENDING"], "CreatedDate": created},
    ]


def test_flags_an_overdue_rotation(secret):
    """
    A rotation that was due more than a day ago fails; the command rotates.
    """
    (finding,) = run_check(rotation_succeeds, secret(**{**ON, "NextRotationDate": "2026-11-22T00:00:00Z"}))

    assert Status.FAIL is finding.status
    assert "the rotation due on 2026-11-22 did not succeed" == finding.message
    assert ROTATE == finding.fix


def test_flags_a_rotation_that_hangs(secret):
    """
    A version that has been pending for more than a day fails; the command takes the label from it before it rotates.
    """
    (finding,) = run_check(
        rotation_succeeds, secret({PENDING_VERSIONS: version("2026-11-20T00:00:00Z")}, **ON, **HANGING)
    )

    assert Status.FAIL is finding.status
    assert (
        "the rotation that began on 2026-11-20 has not come to an end: its version is still AWSPENDING"
        == finding.message
    )
    assert (
        f"{ROTATE.replace('rotate-secret', 'update-secret-version-stage')} --version-stage AWSPENDING "
        f"--remove-from-version-id v2 && {ROTATE}" == finding.fix
    )


@pytest.mark.parametrize("rules", [{"AutomaticallyAfterDays": 30}, {"ScheduleExpression": "rate(30 days)"}])
def test_flags_a_rotation_that_never_was(secret, rules):
    """
    A secret older than its period that was never rotated, and has no next date, fails.
    """
    (finding,) = run_check(rotation_succeeds, secret(RotationEnabled=True, RotationRules=rules))

    assert Status.FAIL is finding.status
    assert "it has never been rotated since 2025-01-01, although that is due every 30 days" == finding.message


def test_prints_no_command_for_a_secret_that_a_service_owns(secret):
    """
    An owned secret fails like any other; its rotation is mended at the service.
    """
    late = {**ON, "NextRotationDate": "2026-11-01T00:00:00Z", "OwningService": "rds"}
    (finding,) = run_check(rotation_succeeds, secret(**late))

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert finding.message.endswith("(rds owns it)")


@pytest.mark.parametrize(
    "fields",
    [
        ON,
        {**ON, "NextRotationDate": "2026-11-24T00:00:00Z"},
        {**ON, "SecretVersionsToStages": {"v1": ["AWSCURRENT", "AWSPENDING"]}},
        {
            "RotationEnabled": True,
            "CreatedDate": "2026-11-20T00:00:00Z",
            "RotationRules": {"AutomaticallyAfterDays": 30},
        },
        {"RotationEnabled": True, "LastRotatedDate": "2026-11-01T00:00:00Z"},
        {"RotationEnabled": True},
    ],
)
def test_accepts_rotations_that_are_not_late(secret, fields):
    """
    A next date to come or a day ago, a pending label on the current version, and a young secret pass.
    """
    assert [Status.PASS] == statuses(run_check(rotation_succeeds, secret(**fields)))


def test_accepts_a_rotation_under_way(secret):
    """
    A version that has been pending for less than a day passes.
    """
    young = secret({PENDING_VERSIONS: version("2026-11-24T09:00:00Z")}, **ON, **HANGING)

    assert [Status.PASS] == statuses(run_check(rotation_succeeds, young))


def test_does_not_guess_since_when(secret):
    """
    A pending version without a value, and a refused list of versions, leave it unknown; an overdue date does not.
    """
    for answer in ([], refused(Secret, PENDING_VERSIONS)):
        details = {PENDING_VERSIONS: answer}
        assert [Status.UNKNOWN] == statuses(run_check(rotation_succeeds, secret(details, **ON, **HANGING)))
        late = {**ON, **HANGING, "NextRotationDate": "2026-11-01T00:00:00Z"}
        assert [Status.FAIL] == statuses(run_check(rotation_succeeds, secret(details, **late)))


@pytest.mark.parametrize(
    "fields",
    [{"RotationEnabled": False}, {**ON, "PrimaryRegion": "us-east-1"}, {**ON, "DeletedDate": "2026-11-20T00:00:00Z"}],
)
def test_does_not_concern_secrets_that_do_not_rotate_here(secret, fields):
    """
    Without rotation, at a replica, and in deletion there is nothing to succeed.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation_succeeds, secret(**fields)))
