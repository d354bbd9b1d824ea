import datetime

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.cloudformation import STACKS, Stack
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.cloudformation.drift import drift


def stack(drifted, days=None, status="UPDATE_COMPLETE"):
    told = {"StackDriftStatus": drifted} if drifted else {}
    if days is not None:
        told["LastCheckTimestamp"] = (AS_OF - datetime.timedelta(days=days)).isoformat()
    listed = {"StackId": "arn:aws:cloudformation:x:y:stack/relay/1", "StackName": "relay", "StackStatus": status}
    return fake(Stack, {STACKS: {**listed, "DriftInformation": told}})


@pytest.mark.parametrize(("days", "when"), [(3, ", as of 2026-11-21"), (300, ", as of 2026-01-28")])
def test_a_stack_that_drifted_fails(days, when):
    """
    However long ago it was seen.
    """
    (finding,) = run_check(drift, stack("DRIFTED", days))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert f"resources are not as its template says{when}" == finding.message
    assert finding.fix is None


def test_a_stack_in_sync_passes():
    """
    If that is not long ago.
    """
    assert [Status.PASS] == statuses(run_check(drift, stack("IN_SYNC", 90)))


@pytest.mark.parametrize(
    ("judged", "message"),
    [
        (stack("IN_SYNC", 91), "it was last on 2026-08-25 compared with its template"),
        (stack("NOT_CHECKED"), "it was never compared with its template"),
        (stack(None), "it was never compared with its template"),
    ],
)
def test_a_stack_not_compared_for_long_is_information(judged, message):
    """
    It is not known to have drifted; the command has it compared.
    """
    (finding,) = run_check(drift, judged)

    assert (Status.FAIL, Severity.INFO) == (finding.status, finding.severity)
    assert message == finding.message
    assert "aws cloudformation detect-stack-drift --region eu-west-1 --stack-name relay" == finding.fix


def test_the_age_is_an_option():
    """
    Days since the last comparison.
    """
    assert [Status.FAIL] == statuses(run_check(drift, stack("IN_SYNC", 31), max_age_days=30))
    assert [Status.PASS] == statuses(run_check(drift, stack("IN_SYNC", 91), max_age_days=365))


def test_what_could_not_be_compared_is_unknown():
    """
    CloudFormation says so itself.
    """
    assert [Status.UNKNOWN] == statuses(run_check(drift, stack("UNKNOWN", 3)))


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS"])
def test_a_stack_without_resources_is_not_judged(status):
    """
    There is nothing to compare.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(drift, stack("NOT_CHECKED", status=status)))
