import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.source_branch_pinned import source_branch_pinned
from tests.checks.codepipeline.lines import source, stage
from tests.checks.codepipeline.runs import deploy, run


def line(branch=None, *, provider="CodeStarSourceConnection", key="BranchName", last="Prod", **more):
    configuration = {"FullRepositoryId": "example/app", **({key: branch} if branch else {})}
    owner = "ThirdParty" if provider == "GitHub" else "AWS"
    return run(stage("Source", source(provider, owner, **configuration)), deploy(last), **more)


def trigger(**git):
    return {"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "app", **git}}


@pytest.mark.parametrize("branch", ["dev", "Develop", "feature/login", "feat-1", "wip", "users/anna/try"])
def test_flags_branches_that_people_work_on(branch):
    """
    Letter case makes no difference.
    """
    (finding,) = run_check(source_branch_pinned, line(branch))

    assert (Status.FAIL, Severity.MEDIUM, branch) == (finding.status, finding.severity, finding.found)
    assert f"app follows the branch {branch}, and the pipeline deploys to production" == finding.message


def test_flags_a_source_without_a_branch():
    """
    Also one of GitHub by token, which spells it otherwise.
    """
    assert "app names no branch" in run_check(source_branch_pinned, line())[0].message
    assert [Status.FAIL] == statuses(run_check(source_branch_pinned, line("dev", provider="GitHub", key="Branch")))


@pytest.mark.parametrize("branch", ["main", "master", "release/2026", "production", "device"])
def test_accepts_other_branches(branch):
    """
    Whether they are protected their repository tells.
    """
    options = {"work_branches": ("dev",)}

    assert [Status.PASS] == statuses(run_check(source_branch_pinned, line(branch), **options))


def test_option_names_the_branches():
    """
    Teams call them as they like.
    """
    judged = line("team-a")

    assert [Status.PASS] == statuses(run_check(source_branch_pinned, judged))
    assert [Status.FAIL] == statuses(run_check(source_branch_pinned, judged, work_branches=("team-*",)))


def test_accepts_tags():
    """
    A trigger for tags alone decides in place of the branch; one for branches beside it does not.
    """
    tags, branches = {"tags": {"includes": ["v*"]}}, {"branches": {"includes": ["dev"]}}

    assert [Status.PASS] == statuses(run_check(source_branch_pinned, line("dev", triggers=[trigger(push=[tags])])))
    assert [Status.FAIL] == statuses(
        run_check(source_branch_pinned, line("dev", triggers=[trigger(push=[tags, branches])]))
    )


def test_does_not_apply():
    """
    Neither outside of production, nor to sources without branches.
    """
    objects = run(stage("Source", source("S3", S3Bucket="charts")), deploy("Prod"))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(source_branch_pinned, line("dev", last="Staging")))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(source_branch_pinned, objects))
    assert [Status.UNKNOWN] == statuses(run_check(source_branch_pinned, fake(Pipeline)))
