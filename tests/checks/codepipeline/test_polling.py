import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.polling import polling
from tests.checks.codepipeline.lines import source, stage
from tests.checks.codepipeline.runs import BUILD, deploy, run


def line(provider, owner="AWS", triggers=(), **configuration):
    return run(stage("Source", source(provider, owner, **configuration)), deploy(), triggers=list(triggers))


@pytest.mark.parametrize(("provider", "owner"), [("CodeCommit", "AWS"), ("S3", "AWS"), ("GitHub", "ThirdParty")])
def test_flags_sources_that_are_polled(provider, owner):
    """
    They are where nothing is said.
    """
    (finding,) = run_check(polling, line(provider, owner))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert f"app is polled for changes of {provider}" == finding.message
    assert [Status.FAIL] == statuses(run_check(polling, line(provider, owner, PollForSourceChanges="true")))
    assert [Status.PASS] == statuses(run_check(polling, line(provider, owner, PollForSourceChanges="false")))


@pytest.mark.parametrize("provider", ["CodeStarSourceConnection", "ECR"])
def test_accepts_sources_that_tell_by_themselves(provider):
    """
    They know no polling.
    """
    (finding,) = run_check(polling, line(provider))

    assert (Status.PASS, ()) == (finding.status, finding.notes)


def test_remarks_a_connection_that_starts_nothing():
    """
    It may be meant so: somebody or something else starts the pipeline. A trigger starts it, too.
    """
    trigger = {
        "providerType": "CodeStarSourceConnection",
        "gitConfiguration": {"push": [{"tags": {"includes": ["v*"]}}]},
    }
    quiet = run_check(polling, line("CodeStarSourceConnection", DetectChanges="false"))
    triggered = run_check(polling, line("CodeStarSourceConnection", triggers=[trigger], DetectChanges="false"))

    assert ([Status.PASS], 1) == (statuses(quiet), len(quiet[0].notes))
    assert ([Status.PASS], 0) == (statuses(triggered), len(triggered[0].notes))


def test_does_not_apply_without_a_source():
    """
    And does not know what was refused.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(polling, run(BUILD)))
    assert [Status.UNKNOWN] == statuses(run_check(polling, fake(Pipeline)))
