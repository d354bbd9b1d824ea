import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.polling_disabled_idle import polling_disabled_idle
from tests.checks.codepipeline.lines import source, stage
from tests.checks.codepipeline.runs import deploy, run


OFF = {"pollingDisabledAt": "2026-08-01T00:00:00Z"}


def line(provider="CodeCommit", metadata=None, **configuration):
    return run(stage("Source", source(provider, **configuration)), deploy(), metadata=metadata)


@pytest.mark.parametrize("configuration", [{}, {"PollForSourceChanges": "true"}])
def test_flags_a_pipeline_that_aws_switched_off(configuration):
    """
    It says so nowhere else.
    """
    (finding,) = run_check(polling_disabled_idle, line(metadata=OFF, **configuration))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "AWS has not looked for changes of app since 2026-08-01, after 30 days without a run" == finding.message


@pytest.mark.parametrize(
    "judged",
    [line(), line(metadata=OFF, PollForSourceChanges="false"), line("CodeStarSourceConnection", metadata=OFF)],
)
def test_accepts_what_is_started_all_the_same(judged):
    """
    By polling, or by events.
    """
    assert [Status.PASS] == statuses(run_check(polling_disabled_idle, judged))


def test_does_not_know_what_was_refused():
    """
    A pipeline that cannot be read is unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(polling_disabled_idle, fake(Pipeline)))
