import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.deploy_stage import deploy_stage
from tests.checks.codepipeline.lines import action, build, stage
from tests.checks.codepipeline.runs import BUILD, SOURCE, deploy, run


def test_flags_a_pipeline_that_ends_with_its_build():
    """
    It is worth knowing, and no more.
    """
    (finding,) = run_check(deploy_stage, run(SOURCE, BUILD))

    assert (Status.FAIL, Severity.INFO) == (finding.status, finding.severity)
    assert "Source, Build" == finding.found


@pytest.mark.parametrize(
    "last",
    [
        deploy(),
        stage("Go", action("call", "Invoke", "Lambda")),
        stage("Deploy", build("terraform")),
        stage("Last", action("helm-deploy", "Compute", "Commands")),
    ],
)
def test_accepts_what_deploys(last):
    """
    By its category, or by its name.
    """
    assert [Status.PASS] == statuses(run_check(deploy_stage, run(SOURCE, last)))


def test_does_not_know_what_was_refused():
    """
    A pipeline that cannot be read is unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(deploy_stage, fake(Pipeline)))
