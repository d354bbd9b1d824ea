import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.logging import logging
from tests.checks.codebuild.building import project


OFF = {"status": "DISABLED"}


@pytest.mark.parametrize("logs", [{"cloudWatchLogs": OFF, "s3Logs": OFF}, {"cloudWatchLogs": OFF}])
def test_flags_builds_that_leave_no_log(logs):
    """
    A bucket takes logs only if it is told to.
    """
    (finding,) = run_check(logging, project(logsConfig=logs))

    assert Status.FAIL is finding.status
    assert '{status: `"ENABLED"`}' in finding.fix


@pytest.mark.parametrize(
    "logs",
    [
        None,
        {},
        {"cloudWatchLogs": {"status": "ENABLED"}},
        {"s3Logs": OFF},
        {"cloudWatchLogs": OFF, "s3Logs": {"status": "ENABLED", "location": "logs/builds"}},
    ],
)
def test_accepts_either_place(logs):
    """
    CloudWatch Logs takes logs unless it is told not to.
    """
    assert [Status.PASS] == statuses(run_check(logging, project(logsConfig=logs)))
