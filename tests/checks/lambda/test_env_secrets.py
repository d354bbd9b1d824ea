import pytest

from awsaudit import Severity, Status
from awsaudit.resources.lambda_ import Function
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.lambda_.env_secrets import env_secrets
from tests.functions import function


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def look(**variables):
    return run_check(env_secrets, function(Environment={"Variables": variables}))


@pytest.mark.parametrize(
    ("value", "severity"), [(TOKEN, Severity.CRITICAL), ("postgres://app:kV9mQ2x@db/app", Severity.CRITICAL)]
)
def test_flags_credentials(value, severity):
    """
    By their shape; the value is not repeated.
    """
    [finding] = look(SOMETHING=value)

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert "the variable SOMETHING holds" in finding.message
    assert value not in f"{finding}"


def test_a_guess_is_high():
    """
    A random-looking value under a telling name.
    """
    [finding] = look(DB_PASSWORD="kV9#mQ2xTz7!")

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)


def test_references_pass():
    """
    Names, ARNs, addresses without a user, UUIDs and switches are no secrets.
    """
    found = look(
        SECRET_ARN="arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
        TOKEN_PARAMETER="/relay/token",
        API_TOKEN_URL="https://login.example/token",
        TRACE_TOKEN="0d9a8f31-5b7c-4c3e-9d55-2f1c6b7e8a90",
        PASSWORD_REQUIRED="true",
    )

    assert [Status.PASS] == statuses(found)
    assert [Status.PASS] == statuses(run_check(env_secrets, function()))


def test_variables_that_are_not_shown_are_unknown():
    """
    The scan may not use their key.
    """
    hidden = function(Environment={"Error": {"ErrorCode": "AccessDeniedException", "Message": "no"}})
    [finding] = run_check(env_secrets, hidden)

    assert Status.UNKNOWN is finding.status
    assert "AccessDeniedException" in finding.message
    assert [Status.UNKNOWN] == statuses(run_check(env_secrets, fake(Function)))
