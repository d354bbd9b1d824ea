import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.failure_skipped import failure_skipped
from tests.checks.codepipeline.lines import action, build, stage
from tests.checks.codepipeline.runs import SOURCE, condition, deploy, run


def verify(**more):
    return stage("Verify", action("unit", "Test", "CodeBuild"), **more)


def test_flags_a_stage_that_is_skipped_as_it_fails():
    """
    By the command it is tried once more, and then fails.
    """
    line = run(SOURCE, verify(onFailure={"result": "SKIP"}), deploy("Prod"))
    (finding,) = run_check(failure_skipped, line)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "Verify is skipped where it fails, and Prod deploys all the same" == finding.message
    assert "name == 'Verify' && [merge(@, {onFailure: {result: 'RETRY'" in finding.fix.replace("'\"'\"'", "'")
    assert [True, False, True] == [hop.holds for hop in finding.path]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"onFailure": condition("SKIP")}, "may be skipped where it fails"),
        ({"beforeEntry": condition("SKIP")}, "may be left out"),
        ({"onSuccess": condition("SKIP")}, "may be left out"),
    ],
)
def test_flags_conditions_that_skip_and_gives_no_command(more, why):
    """
    What a condition is for only its author knows.
    """
    (finding,) = run_check(failure_skipped, run(SOURCE, verify(**more), deploy("Prod")))

    assert finding.message.startswith(f"Verify {why}")
    assert finding.fix is None


@pytest.mark.parametrize(
    "middle",
    [
        verify(),
        verify(onFailure={"result": "FAIL"}),
        verify(onFailure={"result": "ROLLBACK"}),
        verify(onFailure={"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}}),
        verify(onFailure=condition("ROLLBACK")),
        stage("Docs", build("docs"), beforeEntry=condition("SKIP")),
    ],
)
def test_accepts_stages_that_stop(middle):
    """
    FAIL, ROLLBACK, RETRY and nothing at all; entry conditions may skip what does not test.
    """
    assert [Status.PASS] == statuses(run_check(failure_skipped, run(SOURCE, middle, deploy("Prod"))))


def test_looks_before_the_first_production_deployment():
    """
    One region of production may fail without the next one; before the last deployment, where none is production.
    """
    skips = {"onFailure": {"result": "SKIP"}}
    regions = run(SOURCE, deploy("Prod-EU", **skips), deploy("Prod-US"))
    unnamed = run(SOURCE, deploy("First", **skips), deploy("Second"))

    assert [Status.PASS] == statuses(run_check(failure_skipped, regions))
    assert [Status.FAIL] == statuses(run_check(failure_skipped, unnamed))


@pytest.mark.parametrize("line", [run(SOURCE, deploy("Prod"), pipelineType="V1"), run(SOURCE, verify())])
def test_does_not_apply(line):
    """
    V1 cannot skip; a pipeline that deploys nothing has nothing to protect.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(failure_skipped, line))


def test_does_not_know_what_was_refused():
    """
    A pipeline that cannot be read is unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(failure_skipped, fake(Pipeline)))
