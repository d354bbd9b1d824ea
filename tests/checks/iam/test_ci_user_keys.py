import pytest

from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.ci_user_keys import ci_user_keys
from tests.checks.iam.people import user
from tests.checks.iam.report import key, report, row


def judged(name, *keys, password=False, **more):
    path = more.get("Path", "/")
    arn = f"arn:aws:iam::111122223333:user{path}{name}"
    return run_check(ci_user_keys, user(name, **more), report(row(name, *keys, password=password, arn=arn)))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("github-actions", "github"),
        ("GitHubActions", "github"),
        ("svc_gitlab", "gitlab"),
        ("orders-ci", "ci"),
        ("CircleCI", "circleci"),
        ("prodDeploy", "deploy"),
        ("app.deployer", "deployer"),
        ("bitbucket-pipelines", "bitbucket"),
        ("terraform2", "terraform"),
    ],
)
def test_a_key_of_builds_fails(name, word):
    """
    The name gives them away, however its words are put together.
    """
    (finding,) = judged(name, key())

    assert finding.status is Status.FAIL
    assert (
        f"the access key of 2025-11-20 is active, used last on 2026-11-17 for s3; its name has the word {word}"
        == finding.message
    )


def test_an_unused_key_fails_as_well():
    """
    Where it is stored it can be stolen.
    """
    (finding,) = judged("jenkins", key(used=None))

    assert "the access key of 2025-11-20 is active, never used; its name has the word jenkins" == finding.message


def test_path_and_purpose_count():
    """
    A path, and a tag that says what a user is for.
    """
    (path,) = judged("releases", key(), Path="/ci/")
    (tag,) = judged("releases", key(), Tags=[{"Key": "Purpose", "Value": "Buildkite agents"}])

    assert path.message.endswith("; its path has the word ci")
    assert tag.message.endswith("; its tag Purpose has the word buildkite")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("decision-service", {}),
        ("deployment-dashboard", {}),
        ("pipelined", {}),
        ("social", {}),
        ("backup", {"Tags": [{"Key": "ManagedBy", "Value": "terraform"}]}),
        ("backup", {"Tags": [{"Key": "terraform", "Value": "true"}, {"Key": "repository", "Value": "github.com/x"}]}),
    ],
)
def test_parts_of_words_and_who_made_a_user_say_nothing(name, more):
    """
    Terraform makes users of all kinds, and says so in their tags.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged(name, key(), **more))


def test_builds_without_a_key_pass():
    """
    A user that is left over, or whose key is inactive.
    """
    assert [Status.PASS] == statuses(judged("github-actions"))
    assert [Status.PASS] == statuses(judged("github-actions", key(active=False)))


def test_people_are_not_judged():
    """
    Whoever signs in with a password is a person, who may be called after a tool.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged("jenkins", key(), password=True))


def test_a_refused_report_is_unknown():
    """
    No report, no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(ci_user_keys, user("jenkins"), fake(AccountCredentials, {})))
