import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.buildspec_user_controlled import buildspec_user_controlled
from tests.checks.codebuild.building import GITHUB, PULL_REQUESTS, PUSHES, project


INLINE = "version: 0.2\nphases: {}\n"


def hooked(webhook, buildspec=None):
    return project(source={**GITHUB, "buildspec": buildspec} if buildspec else GITHUB, webhook=webhook)


@pytest.mark.parametrize("buildspec", [None, "ci/build.yml"])
@pytest.mark.parametrize("webhook", [PULL_REQUESTS, {"filterGroups": []}, {"branchFilter": "main"}])
def test_flags_a_specification_that_pull_requests_bring(webhook, buildspec):
    """
    Without filters every event starts a build.
    """
    assert [Status.FAIL] == statuses(run_check(buildspec_user_controlled, hooked(webhook, buildspec)))


@pytest.mark.parametrize("buildspec", [INLINE, "arn:aws:s3:::specs/build.yml"])
def test_accepts_a_fixed_specification(buildspec):
    """
    In the project, or in a bucket.
    """
    assert [Status.PASS] == statuses(run_check(buildspec_user_controlled, hooked(PULL_REQUESTS, buildspec)))


@pytest.mark.parametrize(
    "webhook",
    [
        None,
        PUSHES,
        {"filterGroups": [[{"type": "EVENT", "pattern": "PULL_REQUEST_MERGED"}]]},
        {"filterGroups": [[{"type": "EVENT", "pattern": "WORKFLOW_JOB_QUEUED"}]]},
        {**PULL_REQUESTS, "status": "DELETING"},
    ],
)
def test_does_not_concern_builds_of_what_is_merged(webhook):
    """
    For these the specification in the repository is the usual thing.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(buildspec_user_controlled, hooked(webhook)))
