import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codedeploy.auto_rollback import auto_rollback


ON_FAILURE = {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}


@pytest.mark.parametrize(
    "configuration",
    [
        {},
        {"autoRollbackConfiguration": {"enabled": False, "events": ["DEPLOYMENT_FAILURE"]}},
        {"autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_STOP_ON_REQUEST"]}},
        {"autoRollbackConfiguration": {"enabled": True}},
    ],
)
def test_flags_groups_that_stay_on_a_failed_deployment(group, configuration):
    """
    Without a configuration, with one that is off, and with one for something else.
    """
    [finding] = run_check(auto_rollback, group(**configuration))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_the_fix_keeps_what_it_rolls_back_for_already(group):
    """
    The command names the group, and adds to its events.
    """
    events = {"enabled": True, "events": ["DEPLOYMENT_STOP_ON_REQUEST"]}
    stops = {"enabled": True, "alarms": [{"name": "errors"}]}
    [finding] = run_check(auto_rollback, group(autoRollbackConfiguration=events, alarmConfiguration=stops))
    words = shlex.split(finding.fix)

    assert "aws deploy update-deployment-group --region eu-west-1 --application-name api" in finding.fix
    assert "it rolls back for DEPLOYMENT_STOP_ON_REQUEST only" in finding.message
    assert [Status.PASS] == statuses(run_check(auto_rollback, group(autoRollbackConfiguration=json.loads(words[-1]))))
    assert {"DEPLOYMENT_STOP_ON_REQUEST", "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} == {
        *json.loads(words[-1])["events"]
    }


def test_rolling_back_after_a_failure_passes(group):
    """
    That is all there is to it; what an alarm stops is noted.
    """
    [plain] = run_check(auto_rollback, group(autoRollbackConfiguration=ON_FAILURE))
    stops = {"enabled": True, "alarms": [{"name": "errors"}]}
    [noted] = run_check(auto_rollback, group(autoRollbackConfiguration=ON_FAILURE, alarmConfiguration=stops))

    assert (Status.PASS, ()) == (plain.status, plain.notes)
    assert (Status.PASS, ("a deployment that an alarm stops is not rolled back",)) == (noted.status, noted.notes)
