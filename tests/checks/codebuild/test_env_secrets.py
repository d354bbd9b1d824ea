import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.env_secrets import env_secrets
from tests.checks.codebuild.building import reading, running


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2
GUESS = "q7Zr" + "-91xKfM2wTbn"


def variables(*given):
    return running(environmentVariables=list(given))


@pytest.mark.parametrize(
    ("variable", "found"),
    [
        ({"name": "GH", "value": TOKEN}, "the variable GH holds a github-token: ghp_… (40 characters)"),
        ({"name": "GH", "value": TOKEN, "type": "PLAINTEXT"}, "the variable GH holds a github-token"),
        ({"name": "AWS_ACCESS_KEY_ID", "value": "AKIA" + "Q3ZZTOP7JUNGLE22"}, "holds a aws-access-key-id"),
        (
            {"name": "AWS_SECRET_ACCESS_KEY", "value": "q7Zr91xKfM2wTbn4LsV8" + "pD5hYc3uGa6eJk0RxBo1"},
            "the variable AWS_SECRET_ACCESS_KEY holds a aws-secret-access-key",
        ),
    ],
)
def test_flags_a_credential_in_plain_text(variable, found):
    """
    A finding names the variable and the kind, and never repeats the value.
    """
    (finding,) = run_check(env_secrets, variables({"name": "STAGE", "value": "production"}, variable))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert found in finding.message
    assert variable["value"] not in repr(finding)


def test_grades_a_guess_lower():
    """
    A random value under a telling name may be harmless.
    """
    (finding,) = run_check(env_secrets, variables({"name": "API_KEY", "value": GUESS}))

    assert (Severity.MEDIUM, True) == (finding.severity, "what looks like a secret" in finding.message)


def test_flags_a_specification_in_the_project():
    """
    It is shown with the project.
    """
    (finding,) = run_check(env_secrets, reading(buildspec=f"version: 0.2\nenv:\n  variables:\n    T: {TOKEN}\n"))

    assert finding.message.startswith("its build specification holds a github-token")


@pytest.mark.parametrize(
    "variable",
    [
        {"name": "GH_TOKEN", "value": "ci/gh:token-7xQ91", "type": "SECRETS_MANAGER"},
        {"name": "DB_PASSWORD", "value": "/prod/db-7xQ91k", "type": "PARAMETER_STORE"},
        {"name": "TOKEN_ARN", "value": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci-AbCdEf"},
        {"name": "AWS_SECRET_ACCESS_KEY", "value": "test"},
        {"name": "COMMIT", "value": "8d7a6f5e4c3b2a1908f7e6d5c4b3a29181706f5e"},
    ],
)
def test_accepts_references_and_settings(variable):
    """
    Names of secrets, and values that are none.
    """
    assert [Status.PASS] == statuses(run_check(env_secrets, variables(variable)))
