import pytest

from awsaudit import Status
from awsaudit.resources.secretsmanager import VERSIONS, Secret
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.secretsmanager.rotation_period import rotation_period
from awsaudit_checks.secretsmanager.schedule import longest_interval


def since(created):
    return {VERSIONS: [{"VersionId": "v1", "VersionStages": ["AWSCURRENT"], "CreatedDate": created}]}


def test_flags_an_old_value(secret):
    """
    A value older than 90 days fails, whatever else of the secret was changed; without rotation no command renews it.
    """
    (finding,) = run_check(rotation_period, secret(since("2026-08-01T12:00:00Z")))

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert "the current value is 115 days old" == finding.message


def test_flags_an_old_value_that_rotation_renews(secret):
    """
    Where a function rotates the secret, the command rotates it now.
    """
    function = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
    (finding,) = run_check(rotation_period, secret(since("2026-08-01T12:00:00Z"), RotationLambdaARN=function))

    assert (
        "aws secretsmanager rotate-secret --region eu-west-1 "
        "--secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf "
        "--rotation-rules AutomaticallyAfterDays=30" == finding.fix
    )


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        ({"AutomaticallyAfterDays": 120}, 120),
        ({"ScheduleExpression": "rate(100 days)", "AutomaticallyAfterDays": 80}, 100),
        ({"ScheduleExpression": "cron(0 8 1 JAN,APR,JUL,OCT ? *)"}, 92),
    ],
)
def test_flags_a_schedule_that_is_too_long(secret, rules, days):
    """
    Days, rates and cron expressions of more than 90 days fail although the value is young.
    """
    rotated = {"RotationEnabled": True, "LastRotatedDate": "2026-11-20T00:00:00Z", "RotationRules": rules}
    (finding,) = run_check(rotation_period, secret(**rotated))

    assert Status.FAIL is finding.status
    assert f"rotations are scheduled up to {days} days apart" == finding.message


def test_accepts_a_recent_rotation_without_asking(secret):
    """
    A rotation within 90 days settles it, even where the versions could not be listed.
    """
    rotated = {"LastRotatedDate": "2026-11-01T00:00:00Z"}

    assert [Status.PASS] == statuses(
        run_check(rotation_period, secret({VERSIONS: refused(Secret, VERSIONS)}, **rotated))
    )


def test_accepts_a_value_that_was_changed_by_hand(secret):
    """
    A young current version passes although the last rotation is long ago, or never was.
    """
    for fields in ({}, {"LastRotatedDate": "2026-01-01T00:00:00Z"}):
        assert [Status.PASS] == statuses(run_check(rotation_period, secret(since("2026-11-01T00:00:00Z"), **fields)))


def test_the_limit_is_an_option(secret):
    """
    With a limit of 30 days a value of 60 days fails.
    """
    sixty = secret(since("2026-09-25T12:00:00Z"))

    assert [Status.PASS] == statuses(run_check(rotation_period, sixty))
    assert [Status.FAIL] == statuses(run_check(rotation_period, sixty, max_age_days=30))


@pytest.mark.parametrize(
    "fields",
    [
        {"PrimaryRegion": "us-east-1"},
        {"OwningService": "rds"},
        {"DeletedDate": "2026-11-20T00:00:00Z"},
        {"SecretVersionsToStages": None},
        {"SecretVersionsToStages": {"v1": ["AWSPENDING"]}},
    ],
)
def test_does_not_concern_replicas_owned_deleted_and_empty_secrets(secret, fields):
    """
    Replicas and owned secrets are judged elsewhere; one without a current value has nothing to be old.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation_period, secret(**fields)))


def test_does_not_guess_the_age(secret):
    """
    Versions that are refused or not told, and a schedule of no known form, leave it unknown.
    """
    unknown = {"RotationEnabled": True, "RotationRules": {"ScheduleExpression": "at(2027-01-01)"}}

    for odd in (secret({VERSIONS: refused(Secret, VERSIONS)}), secret({VERSIONS: []}), secret(**unknown)):
        assert [Status.UNKNOWN] == statuses(run_check(rotation_period, odd))


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("rate(10 days)", 10),
        ("rate(1 day)", 1),
        ("rate(12 hours)", 0),
        ("cron(0 8 1 * ? *)", 31),
        ("cron(0 8 L * ? *)", 31),
        ("cron(0 8 1/7 * ? *)", 7),
        ("cron(0 8 1 */2 ? *)", 62),
        ("cron(0 8 ? * SUN#1 *)", 35),
        ("cron(0 8 ? * 6L *)", 35),
        ("cron(0 8 ? * L *)", 7),
        ("cron(0 8 ? * MON-FRI *)", 3),
        ("cron(0 4/12 * * ? *)", 1),
    ],
)
def test_reads_schedules(secret, expression, days):
    """
    The longest gap of a schedule is counted in whole days.
    """
    assert days == longest_interval(secret(RotationRules={"ScheduleExpression": expression})).days
