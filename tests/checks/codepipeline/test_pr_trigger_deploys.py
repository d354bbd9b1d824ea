import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.pr_trigger_deploys import pr_trigger_deploys
from tests.checks.codepipeline.runs import APPROVE, BUILD, SOURCE, deploy, run


def line(git, *stages, **more):
    trigger = {"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "app", **git}}
    return run(SOURCE, *(stages or (BUILD, deploy("Staging"))), triggers=[trigger], **more)


@pytest.mark.parametrize(
    ("events", "which"),
    [({"events": ["OPEN"]}, "open"), ({"events": ["UPDATED", "CLOSED"]}, "updated"), ({}, "open or updated")],
)
def test_flags_open_pull_requests_that_deploy(events, which):
    """
    A filter without events takes them all; where they are to be merged into makes no difference to what code runs.
    """
    (finding,) = run_check(pr_trigger_deploys, line({"pullRequest": [{**events, "branches": {"includes": ["main"]}}]}))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert finding.message == (
        f"pull requests of app that are {which} start the pipeline, and deploy in Staging deploys without approval"
    )
    assert [True, True, False] == [hop.holds for hop in finding.path]


@pytest.mark.parametrize(
    "push",
    [
        {"branches": {"excludes": ["docs"]}},
        {"filePaths": {"includes": ["src/**"]}},
        {"branches": {"includes": ["**"]}},
        {"tags": {"excludes": ["v0*"]}},
    ],
)
def test_flags_pushes_to_any_branch_lower(push):
    """
    With a trigger the branch of the source action does not filter any more; files say nothing of who pushed them.
    """
    (finding,) = run_check(pr_trigger_deploys, line({"push": [push]}))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_both_are_two_findings():
    """
    Pull requests and pushes are mended each by itself.
    """
    findings = run_check(pr_trigger_deploys, line({"pullRequest": [{}], "push": [{"branches": {"includes": ["*"]}}]}))

    assert [Severity.HIGH, Severity.MEDIUM] == [finding.severity for finding in findings]


@pytest.mark.parametrize(
    "judged",
    [
        line({"pullRequest": [{"events": ["CLOSED"]}]}),
        line({"push": [{"branches": {"includes": ["main"]}}, {"tags": {"includes": ["v*"]}}]}),
        line({"pullRequest": [{}]}, BUILD),
        line({"pullRequest": [{}]}, BUILD, APPROVE, deploy("Prod")),
    ],
)
def test_accepts_what_is_merged_named_or_approved(judged):
    """
    And a pipeline for pull requests that deploys nothing.
    """
    assert [Status.PASS] == statuses(run_check(pr_trigger_deploys, judged))


@pytest.mark.parametrize("judged", [run(SOURCE, deploy("Prod")), line({"pullRequest": [{}]}, pipelineType="V1")])
def test_does_not_apply_without_triggers(judged):
    """
    V1 has none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(pr_trigger_deploys, judged))


def test_does_not_know_what_was_refused():
    """
    A pipeline that cannot be read is unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(pr_trigger_deploys, fake(Pipeline)))
