import pytest

from awsaudit import Severity, Status
from awsaudit.resources.lambda_ import MAPPINGS, EventSourceMapping
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.lambda_.esm_state import esm_state


def look(state="Enabled", reason="User action", result="OK"):
    listed = {"UUID": "0a1b", "State": state, "StateTransitionReason": reason, "LastProcessingResult": result}
    return run_check(esm_state, fake(EventSourceMapping, {MAPPINGS: listed}))


def test_flags_what_lambda_switched_off():
    """
    With the command that switches it on.
    """
    [finding] = look("Disabled", "Lambda lacks rights to the stream")

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "it is off: Lambda lacks rights to the stream" == finding.message
    assert "aws lambda update-event-source-mapping --region eu-west-1 --uuid 0a1b --enabled" == finding.fix


def test_flags_problems():
    """
    There is nothing to switch.
    """
    [finding] = look(result="PROBLEM: Function call failed")

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("reason", ["USER_INITIATED", "User action"])
def test_remarks_on_what_somebody_switched_off(reason):
    """
    On purpose, as far as anybody can tell.
    """
    [finding] = look("Disabled", reason)

    assert (Status.PASS, "somebody switched it off") == (finding.status, finding.message)


@pytest.mark.parametrize("result", ["OK", "No records processed", None])
def test_what_reads_passes(result):
    """
    Or had nothing to read.
    """
    assert [Status.PASS] == statuses(look(result=result))


@pytest.mark.parametrize("state", ["Creating", "Enabling", "Disabling", "Updating", "Deleting"])
def test_what_changes_is_not_judged(state):
    """
    It will be something else soon.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(state, result="PROBLEM: x"))


def test_refused_is_unknown():
    """
    Nothing is known of it.
    """
    assert [Status.UNKNOWN] == statuses(run_check(esm_state, fake(EventSourceMapping)))
