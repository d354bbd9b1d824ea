import pytest

from awsaudit import Severity, Status
from awsaudit.resources.cloudformation import STACKS, Stack
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.cloudformation.output_secrets import output_secrets


TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2
PASSWORD = "Welcome" + "2024!"


def look(outputs=None, parameters=None, **more):
    told = {"StackId": "arn:aws:cloudformation:x:y:stack/relay/1", "StackName": "relay", "StackStatus": "X"}
    told["Outputs"] = [{"OutputKey": key, "OutputValue": value} for key, value in (outputs or {}).items()]
    told["Parameters"] = [
        {"ParameterKey": key, "ParameterValue": value, **more} for key, value in (parameters or {}).items()
    ]
    return run_check(output_secrets, fake(Stack, {STACKS: told}))


def test_flags_outputs_and_parameters():
    """
    Each by its name; one value in both is two places.
    """
    findings = look({"GitHub": TOKEN, "Url": "https://relay.example"}, {"GitHub": TOKEN, "DbPassword": PASSWORD})

    assert [
        ("the parameter GitHub", Severity.HIGH),
        ("the parameter DbPassword", Severity.MEDIUM),
        ("the output GitHub", Severity.HIGH),
    ] == [(finding.message.partition(" holds")[0], finding.severity) for finding in findings]
    assert not any(TOKEN in str(finding) or PASSWORD in str(finding) for finding in findings)


def test_flags_what_a_parameter_of_the_parameter_store_resolves_to():
    """
    The name is harmless, the value is shown beside it.
    """
    (finding,) = look(parameters={"DbPassword": "/prod/db-password"}, ResolvedValue=PASSWORD)

    assert finding.message.startswith("the parameter DbPassword holds")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DbPassword", "****"),
        ("SecretArn", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbC1dE"),
        ("Password", "{{resolve:secretsmanager:signer:SecretString:password}}"),
        ("TokenUrl", "https://login.example/oauth2/v2.0/token"),
        ("ApiKeyId", "a1b2c3d4e5"),
    ],
)
def test_passes_what_is_no_secret(key, value):
    """
    NoEcho, ARNs, references, addresses, ids.
    """
    assert [Status.PASS] == statuses(look({key: value}, {key: value}))


def test_passes_a_stack_without_any():
    """
    AWS leaves the lists out.
    """
    told = {"StackId": "arn:aws:cloudformation:x:y:stack/relay/1", "StackName": "relay", "StackStatus": "X"}

    assert [Status.PASS] == statuses(run_check(output_secrets, fake(Stack, {STACKS: told})))
