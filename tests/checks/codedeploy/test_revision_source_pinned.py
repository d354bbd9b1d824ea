import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codedeploy.revision_source_pinned import revision_source_pinned


def s3(**more):
    return {"revisionType": "S3", "s3Location": {"bucket": "releases", "key": "api.zip", **more}}


def github(commit):
    return {"revisionType": "GitHub", "gitHubLocation": {"repository": "example/api", "commitId": commit}}


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        (s3(), "api is deployed from s3://releases/api.zip: whichever object has that name"),
        (github("main"), "api is deployed from example/api on GitHub: main"),
        (github("9f8e7d6"), "api is deployed from example/api on GitHub: 9f8e7d6"),
    ],
)
def test_flags_what_may_be_another_thing_tomorrow(group, revision, said):
    """
    Objects without version, branches, and commits that are cut short.
    """
    [finding] = run_check(revision_source_pinned, group(targetRevision=revision))

    assert (Status.FAIL, Severity.LOW, None) == (finding.status, finding.severity, finding.fix)
    assert said in finding.message


@pytest.mark.parametrize(
    "revision",
    [
        s3(version="3sL4kqtJlcpXroDTDmJ"),
        s3(eTag="d41d8cd98f00b204e9800998ecf8427e"),
        github("A" * 40),
        github("0" * 64),
        {"revisionType": "AppSpecContent", "appSpecContent": {"content": "version: 0.0"}},
        {"revisionType": "String", "string": {"content": "version: 0.0"}},
    ],
)
def test_one_version_passes(group, revision):
    """
    By version, by ETag, by the whole commit id; what is in the deployment itself stays there.
    """
    assert [Status.PASS] == statuses(run_check(revision_source_pinned, group(targetRevision=revision)))


def test_before_the_first_deployment_there_is_nothing_to_judge(group):
    """
    A group without a revision.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(revision_source_pinned, group()))
