import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codebuild import LIST, Project
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codebuild.webhook_pr_fork import webhook_pr_fork
from tests.checks.codebuild.hooks import PROPOSED, PUSHED, asks, event, hook, project


LISTED = asks("ACTOR_ACCOUNT_ID", "^(1234|5678)$")


def judge(webhook, **more):
    return run_check(webhook_pr_fork, project(webhook, **more))


@pytest.mark.parametrize(
    "webhook",
    [
        hook(),
        hook(branchFilter="^main$"),
        hook([PROPOSED]),
        hook([PROPOSED], approval="DISABLED"),
        hook([PUSHED, LISTED], [event("PULL_REQUEST_REOPENED")]),
        hook([PROPOSED, asks("HEAD_REF", "^refs/heads/main$"), asks("FILE_PATH", "^buildspec.yml$", excludes=True)]),
        hook([PROPOSED, asks("ACTOR_ACCOUNT_ID", "^1234$", excludes=True)]),
        hook([PROPOSED, asks("ACTOR_ACCOUNT_ID", ".*")]),
        hook([event("PUSH", excludes=True)]),
    ],
)
@pytest.mark.parametrize("source", ["GITHUB", "BITBUCKET", "GITLAB_SELF_MANAGED"])
def test_flags_pull_requests_of_anybody(webhook, source):
    """
    No filter but that of accounts keeps strangers out, as they choose branches and files themselves.
    """
    [finding] = judge(webhook, source=source)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "a pull request of anybody starts a build" in finding.message


@pytest.mark.parametrize(
    "webhook",
    [
        hook([PROPOSED], approval="ALL_PULL_REQUESTS"),
        hook([PROPOSED], approval="FORK_PULL_REQUESTS", approvers=["GITHUB_WRITE"]),
        hook([PROPOSED, LISTED]),
        hook([event("PULL_REQUEST_MERGED", "PULL_REQUEST_CLOSED")]),
        hook([PUSHED]),
        hook([event("WORKFLOW_JOB_QUEUED")]),
        hook([event("PULL_REQUEST_CREATED", "PULL_REQUEST_UPDATED", "PULL_REQUEST_REOPENED", excludes=True)]),
    ],
)
def test_accepts_what_somebody_has_seen(webhook):
    """
    Approval, a list of accounts, and what is merged or pushed.
    """
    assert [Status.PASS] == statuses(judge(webhook))


@pytest.mark.parametrize("role", ["GITHUB_READ", "BITBUCKET_READ", "GITLAB_GUEST"])
def test_readers_who_need_no_approval_are_medium(role):
    """
    In a public repository everybody is one.
    """
    [finding] = judge(hook([PROPOSED], approval="ALL_PULL_REQUESTS", approvers=[role, "GITHUB_ADMIN"]))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    ("webhook", "source"),
    [
        (None, "GITHUB"),
        (hook([PROPOSED], status="CREATE_FAILED"), "GITHUB"),
        (hook([event("WORKFLOW_JOB_QUEUED")], buildType="RUNNER_BUILDKITE_BUILD"), "NO_SOURCE"),
    ],
)
def test_does_not_apply_where_no_pull_request_comes(webhook, source):
    """
    Without a webhook that works, and without a repository.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(webhook, source=source))


@pytest.mark.parametrize("approvers", [[], ["GITHUB_READ"]])
def test_the_fix_keeps_the_rest(approvers):
    """
    The request names filters and kind of build again; sent, it makes the project pass.
    """
    approval = "FORK_PULL_REQUESTS" if approvers else None
    webhook = hook([PROPOSED, PUSHED], [PROPOSED], buildType="BUILD_BATCH", approval=approval, approvers=approvers)
    [finding] = judge(webhook)
    words = shlex.split(finding.fix)
    request = json.loads(words[words.index("--cli-input-json") + 1])

    assert "release" == request.pop("projectName")
    assert ["GITHUB_WRITE", "GITHUB_MAINTAIN", "GITHUB_ADMIN"] == request["pullRequestBuildPolicy"]["approverRoles"]
    assert ("BUILD_BATCH", 2) == (request["buildType"], len(request["filterGroups"]))
    assert [Status.PASS] == statuses(judge(request))


def test_a_branch_filter_is_kept():
    """
    The old form of a filter is named again, too.
    """
    [finding] = judge(hook(branchFilter="^main$"))

    assert '"branchFilter": "^main$"' in finding.fix


def test_a_pattern_that_cannot_be_read_is_unknown():
    """
    Whom it takes is not guessed.
    """
    assert [Status.UNKNOWN] == statuses(judge(hook([PROPOSED, asks("ACTOR_ACCOUNT_ID", "^(1$")])))


def test_refused_details_are_unknown():
    """
    A project of which only the name is known is not one without a webhook.
    """
    assert [Status.UNKNOWN] == statuses(run_check(webhook_pr_fork, fake(Project, {LIST: "release"})))
