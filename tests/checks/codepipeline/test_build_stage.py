import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.build_stage import build_stage
from tests.checks.codepipeline.lines import action, build, source, stage
from tests.checks.codepipeline.runs import BUILD, SOURCE, deploy, run


def test_flags_a_pipeline_that_builds_nothing():
    """
    A build after the deployment is too late.
    """
    for line in (run(SOURCE, deploy()), run(SOURCE, deploy(), BUILD)):
        (finding,) = run_check(build_stage, line)

        assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
        assert "nothing is built before deploy in Prod deploys" == finding.message
        assert "Prod" == next(hop.resource for hop in finding.path if not hop.holds)


@pytest.mark.parametrize(
    "stages",
    [
        [SOURCE, BUILD, deploy()],
        [SOURCE, stage("Make", action("make", "Compute", "Commands")), deploy()],
        [SOURCE, stage("Deploy", build())],
        [SOURCE, deploy("Prod", build())],
    ],
)
def test_accepts_builds_up_to_the_deployment(stages):
    """
    A build that deploys builds, too.
    """
    assert [Status.PASS] == statuses(run_check(build_stage, run(*stages)))


def test_does_not_apply_where_there_is_nothing_to_build():
    """
    Images and objects were built before; a pipeline that does not deploy is another check's.
    """
    image = stage("Source", source("ECR", RepositoryName="app"), source("S3", S3Bucket="charts"))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(build_stage, run(image, deploy())))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(build_stage, run(SOURCE, BUILD)))
    assert [Status.UNKNOWN] == statuses(run_check(build_stage, fake(Pipeline)))
