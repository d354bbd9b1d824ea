import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.stepfunctions import DEFINITION, LIST, StateMachine
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.stepfunctions.definition_secrets import definition_secrets


ARN = "arn:aws:states:eu-west-1:111122223333:stateMachine:payout"
TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2


def look(definition):
    told = definition if not isinstance(definition, dict) else {"definition": json.dumps(definition)}
    listed = {"stateMachineArn": ARN, "name": "payout"}
    return run_check(definition_secrets, fake(StateMachine, {LIST: listed, DEFINITION: told}))


def calling(**arguments):
    return {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Parameters": arguments, "End": True}}}


def test_flags_a_credential():
    """
    The message says where it is.
    """
    (finding,) = look(calling(Headers={"Authorization": f"token {TOKEN}"}))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert finding.message.startswith("definition.States.Call.Parameters.Headers.Authorization of its definition holds")


def test_a_guess_is_less_bad():
    """
    A random-looking value under a telling name may be harmless.
    """
    (finding,) = look(calling(apiKey="q7Zr91xK" + "fM2wTbnV4c"))

    assert Severity.MEDIUM is finding.severity


@pytest.mark.parametrize(
    "arguments",
    [
        {"token.$": "$.token7.value", "SecretId": "prod/signer-7f3a9c21"},
        {"token": "{% $states.input.token7 %}"},
        {"secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbC1dE"},
        {"TaskToken.$": "$$.Task.Token"},
    ],
)
def test_passes_paths_and_references(arguments):
    """
    They say where a value comes from.
    """
    assert [Status.PASS] == statuses(look(calling(**arguments)))


def test_a_definition_that_may_not_be_decrypted_is_unknown():
    """
    The answer without the definition would pass everything.
    """
    assert [Status.UNKNOWN] == statuses(look(refused(StateMachine, DEFINITION, "KmsAccessDeniedException")))
