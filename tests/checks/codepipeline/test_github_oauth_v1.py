import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codepipeline.github_oauth_v1 import github_oauth_v1
from tests.checks.codepipeline.lines import pipeline, source, stage


OLD = source("GitHub", "ThirdParty", name="old", Owner="northlight", Repo="app", Branch="main", OAuthToken="****")
NEW = source("CodeStarSourceConnection", name="new", FullRepositoryId="northlight/app", BranchName="main")


def test_flags_a_personal_token():
    """
    The finding says of which source; other sources do not matter.
    """
    [finding] = run_check(github_oauth_v1, pipeline(stage("Source", OLD, NEW)))

    assert (Status.FAIL, Severity.MEDIUM, "Source.old") == (finding.status, finding.severity, finding.sub_key)
    assert "the source old reads GitHub app@main with a personal token" == finding.message


def test_accepts_a_connection():
    """
    There is no token to keep.
    """
    assert [Status.PASS] == statuses(run_check(github_oauth_v1, pipeline(stage("Source", NEW))))


@pytest.mark.parametrize("inside", [source(RepositoryName="app"), source("S3", S3Bucket="drop"), source("ECR")])
def test_does_not_apply_to_sources_in_aws(inside):
    """
    They are read with roles.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(github_oauth_v1, pipeline(stage("Source", inside))))
