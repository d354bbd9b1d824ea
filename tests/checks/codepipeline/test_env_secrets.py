import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import LIST, PIPELINE, Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.env_secrets import env_secrets


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2


def pipeline(provider="CodeBuild", owner="AWS", **action):
    kind = {"category": "Build", "owner": owner, "provider": provider, "version": "1"}
    stage = {"name": "Build", "actions": [{"name": "image", "actionTypeId": kind, **action}]}
    answer = {"pipeline": {"name": "release", "roleArn": "arn:aws:iam::111122223333:role/release", "stages": [stage]}}
    return fake(Pipeline, {LIST: {"name": "release"}, PIPELINE: answer})


def variables(*given):
    return {"ProjectName": "image", "EnvironmentVariables": json.dumps(given)}


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ({"configuration": variables({"name": "GH", "value": TOKEN})}, "Build.image.EnvironmentVariables.GH"),
        ({"configuration": variables({"name": "GH", "value": TOKEN, "type": "PLAINTEXT"})}, "Build.image"),
        ({"environmentVariables": [{"name": "GH", "value": TOKEN}]}, "Build.image.GH"),
        ({"configuration": {"UserParameters": TOKEN}, "provider": "Lambda"}, "Build.image.UserParameters"),
        ({"configuration": {"ParameterOverrides": f'{{"T": "{TOKEN}"}}'}}, "Build.image.ParameterOverrides.T"),
        ({"commands": ["make", f"curl -H 'Authorization: {TOKEN}' https://example.com"]}, "Build.image.commands"),
        ({"configuration": {"Anything": TOKEN}, "owner": "Custom"}, "Build.image"),
    ],
)
def test_flags_a_credential_wherever_an_action_keeps_values(action, name):
    """
    The finding names the place and the kind, and never repeats the value.
    """
    (finding,) = run_check(env_secrets, pipeline(**action))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert finding.message.startswith(name)
    assert "holds a github-token: ghp_… (40 characters)" in finding.message
    assert TOKEN not in repr(finding)


def test_grades_a_guess_lower():
    """
    A random value under a telling name may be harmless.
    """
    judged = pipeline(configuration=variables({"name": "API_KEY", "value": "q7Zr" + "-91xKfM2wTbn"}))
    (finding,) = run_check(env_secrets, judged)

    assert Severity.MEDIUM is finding.severity


@pytest.mark.parametrize(
    "action",
    [
        {"configuration": variables({"name": "GH_TOKEN", "value": "ci/gh:token-7xQ91", "type": "SECRETS_MANAGER"})},
        {"configuration": variables({"name": "DB_PASSWORD", "value": "prod-db-7xQ91", "type": "PARAMETER_STORE"})},
        {"environmentVariables": [{"name": "GH_TOKEN", "value": "ci/gh:token-7xQ91", "type": "SECRETS_MANAGER"}]},
        {"configuration": {"OAuthToken": "****"}, "owner": "ThirdParty", "provider": "GitHub"},
        {"configuration": {"ProjectName": "image"}},
    ],
)
def test_accepts_references_and_masked_tokens(action):
    """
    Names of secrets and parameters give nothing away.
    """
    assert [Status.PASS] == statuses(run_check(env_secrets, pipeline(**action)))
