import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codebuild import LIST, Project
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codebuild.runner_scope import runner_scope
from tests.checks.codebuild.hooks import PUSHED, asks, event, hook, project


QUEUED = event("WORKFLOW_JOB_QUEUED")
NAMED = asks("REPOSITORY_NAME", "^(app|api)$")
ORGANIZATION = ("GITHUB_ORGANIZATION", "example")
ENTERPRISE = ("GITHUB_GLOBAL", "example-inc")


def judge(*groups, scope=ORGANIZATION):
    return run_check(runner_scope, project(hook(*groups, scope=scope)))


@pytest.mark.parametrize(
    ("groups", "scope", "said"),
    [
        ([], ORGANIZATION, "every repository of the organization example starts builds"),
        ([[QUEUED]], ORGANIZATION, "every repository of the organization example starts runners"),
        ([[PUSHED]], ("GITLAB_GROUP", "team"), "every repository of the group team starts builds"),
        ([[QUEUED, NAMED], [QUEUED]], ORGANIZATION, "organization example"),
        ([[QUEUED, asks("REPOSITORY_NAME", "app")]], ORGANIZATION, "organization example"),
        ([[QUEUED, asks("REPOSITORY_NAME", "^.*")]], ORGANIZATION, "organization example"),
        ([[QUEUED, asks("REPOSITORY_NAME", "^old$", excludes=True)]], ORGANIZATION, "organization example"),
        ([[QUEUED, NAMED]], ENTERPRISE, "the enterprise example-inc"),
    ],
)
def test_flags_webhooks_of_many_repositories(groups, scope, said):
    """
    Every group of filters has to name repositories, in an enterprise organizations as well.
    """
    [finding] = judge(*groups, scope=scope)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert said in finding.message
    assert finding.fix is None


@pytest.mark.parametrize(
    ("group", "scope"),
    [
        ([QUEUED, NAMED], ORGANIZATION),
        ([QUEUED, asks("REPOSITORY_NAME", "^app-")], ORGANIZATION),
        ([QUEUED, NAMED, asks("ORGANIZATION_NAME", "^example$")], ENTERPRISE),
    ],
)
def test_accepts_named_repositories(group, scope):
    """
    By a pattern that is anchored.
    """
    assert [Status.PASS] == statuses(judge(group, scope=scope))


@pytest.mark.parametrize("webhook", [None, hook([QUEUED]), hook()])
def test_does_not_apply_to_a_single_repository(webhook):
    """
    REPOSITORY_NAME does not work there, nor is it needed.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(runner_scope, project(webhook)))


def test_refused_details_are_unknown():
    """
    A project of which only the name is known may run anything.
    """
    assert [Status.UNKNOWN] == statuses(run_check(runner_scope, fake(Project, {LIST: "release"})))
