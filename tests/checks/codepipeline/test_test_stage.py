import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codebuild import DETAILS, LIST, Project
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline import test_stage as module
from tests.checks.codepipeline.lines import action, build, stage
from tests.checks.codepipeline.runs import BUILD, SOURCE, deploy, run


CHECK = module.test_stage
INLINE = "version: 0.2\nphases:\n  build:\n    commands:\n      - "


def project(buildspec, name="app-build"):
    return fake(
        Project, {LIST: name, DETAILS: {"name": name, "source": {"type": "CODEPIPELINE", "buildspec": buildspec}}}
    )


def test_flags_a_deployment_without_tests():
    """
    The build's own specification is seen, and speaks of no test.
    """
    (finding,) = run_check(CHECK, run(SOURCE, BUILD, deploy("Prod")), project(INLINE + "make app"))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "nothing is tested before deploy in Prod deploys" == finding.message
    assert [True, True, False] == [hop.holds for hop in finding.path]


@pytest.mark.parametrize(
    "middle",
    [
        stage("Check", action("unit", "Test", "CodeBuild")),
        stage("Test", build("anything")),
        stage("Build", build("app-unit-tests")),
        stage("Build", build(name="lint")),
        stage("Build", action("run", "Compute", "Commands", commands=["cd app", "npm test"])),
        stage("Scan", action("inspect", "Invoke", "InspectorScan")),
    ],
)
def test_accepts_tests_by_category_name_and_command(middle):
    """
    No project needs to be looked at.
    """
    assert [Status.PASS] == statuses(run_check(CHECK, run(SOURCE, middle, deploy("Prod")), unlisted=[Project]))


def test_accepts_a_build_that_tests_by_its_own_specification():
    """
    Even beside another build that nobody sees into.
    """
    line = run(SOURCE, stage("Build", build("app-build"), build("other", name="other")), deploy("Prod"))
    projects = project(INLINE + "pytest tests"), project("", "other")

    assert [Status.PASS] == statuses(run_check(CHECK, line, *projects))


def test_tests_between_deployments_count():
    """
    What is deployed to staging is tested there, before production.
    """
    tests = stage("Verify", action("e2e", "Test", "CodeBuild"))
    line = run(SOURCE, deploy("Staging"), tests, deploy("Prod"))

    assert [Status.PASS] == statuses(run_check(CHECK, line))
    assert [Status.FAIL] == statuses(run_check(CHECK, run(SOURCE, deploy("Prod"), tests)))


@pytest.mark.parametrize("others", [[project("")], [project("ci/build.yml")], []])
def test_does_not_know_what_a_repository_holds(others):
    """
    A build specification in the repository may test or not; a project of another account cannot be seen.
    """
    (finding,) = run_check(CHECK, run(SOURCE, BUILD, deploy("Prod")), *others)

    assert Status.UNKNOWN == finding.status
    assert "what build runs is in a repository, and no name says that it tests" == finding.message


def test_does_not_apply_where_nothing_is_deployed():
    """
    There is nothing to test for.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(CHECK, run(SOURCE, BUILD)))


def test_does_not_know_what_was_refused():
    """
    Neither the pipeline, nor the projects of its builds.
    """
    line = run(SOURCE, BUILD, deploy("Prod"))

    assert [Status.UNKNOWN] == statuses(run_check(CHECK, fake(Pipeline)))
    assert [Status.UNKNOWN] == statuses(run_check(CHECK, line, unlisted=[Project]))
