import pytest

from awsaudit import Status
from awsaudit.resources.codebuild import LIST, Project, SourceCredential
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codebuild.source_auth_connection import source_auth_connection
from tests.checks.codebuild.building import GITHUB, credential, project, reading


CONNECTION = {"type": "CODECONNECTIONS", "resource": "arn:aws:codeconnections:eu-west-1:111122223333:connection/1"}
SECRET = {"type": "SECRETS_MANAGER", "resource": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci-AbCdEf"}


@pytest.mark.parametrize("kind", ["PERSONAL_ACCESS_TOKEN", "BASIC_AUTH", "OAUTH"])
def test_flags_a_token_of_the_account(kind):
    """
    Without one of its own a source is read with the account's for the same provider.
    """
    (finding,) = run_check(source_auth_connection, project(), credential(kind), credential("BASIC_AUTH", "BITBUCKET"))

    assert (Status.FAIL, kind) == (finding.status, finding.found)
    assert "its source on GITHUB is read with " in finding.message


def test_flags_an_oauth_token_of_the_project():
    """
    It is a person's, wherever it is set.
    """
    (finding,) = run_check(source_auth_connection, reading(auth={"type": "OAUTH"}))

    assert "its source on GITHUB is read with a person's OAuth token, by the project" == finding.message


def test_flags_only_the_source_that_is_read_so():
    """
    Each source is judged by itself.
    """
    other = {**GITHUB, "sourceIdentifier": "config"}
    (finding,) = run_check(source_auth_connection, reading(other, auth=CONNECTION), credential("OAUTH"))

    assert finding.message.startswith("the secondary source config on GITHUB")


def test_accepts_a_connection():
    """
    At the source, or as the account's.
    """
    assert [Status.PASS] == statuses(
        run_check(source_auth_connection, reading(auth=CONNECTION), unlisted=[SourceCredential])
    )
    assert [Status.PASS] == statuses(run_check(source_auth_connection, project(), credential("CODECONNECTIONS")))


def test_remarks_on_a_token_in_secrets_manager():
    """
    It is rotated in one place.
    """
    (finding,) = run_check(source_auth_connection, reading(auth=SECRET))

    assert Status.PASS is finding.status
    assert ("its source is read with a token in Secrets Manager, by the project",) == finding.notes


def test_a_source_that_is_none_holds_the_credential_for_the_others():
    """
    It goes before the account's.
    """
    judged = project(
        source={"type": "NO_SOURCE", "auth": CONNECTION}, secondarySources=[{**GITHUB, "sourceIdentifier": "config"}]
    )

    assert [Status.PASS] == statuses(run_check(source_auth_connection, judged, credential("OAUTH")))
    assert [Status.FAIL] == statuses(run_check(source_auth_connection, credential("OAUTH"), judged))


@pytest.mark.parametrize("kind", ["CODECOMMIT", "S3", "CODEPIPELINE", "NO_SOURCE", "GITHUB"])
def test_does_not_concern_what_is_read_without(kind):
    """
    AWS's own sources, and public repositories.
    """
    judged = project(source={"type": kind})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(source_auth_connection, judged, credential("OAUTH", "GITLAB")))


def test_does_not_guess_what_the_account_has():
    """
    Credentials that could not be listed may be tokens.
    """
    assert [Status.UNKNOWN] == statuses(run_check(source_auth_connection, project(), unlisted=[SourceCredential]))


def test_flags_a_stored_token_that_no_project_uses():
    """
    The command deletes it.
    """
    (finding,) = run_check(source_auth_connection, credential("OAUTH"), reading(auth=CONNECTION))

    assert Status.FAIL is finding.status
    assert (
        "aws codebuild delete-source-credentials --region eu-west-1 "
        "--arn arn:aws:codebuild:eu-west-1:111122223333:token/github" == finding.fix
    )


def test_leaves_a_token_in_use_to_its_projects():
    """
    One problem is said once; a stored connection is none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(source_auth_connection, credential("OAUTH"), project()))
    assert [Status.PASS] == statuses(run_check(source_auth_connection, credential("CODECONNECTIONS")))


def test_does_not_take_a_token_for_idle_while_projects_are_hidden():
    """
    One that could not be described may use it.
    """
    hidden = fake(Project, {LIST: "hidden"})

    assert [Status.UNKNOWN] == statuses(run_check(source_auth_connection, credential("OAUTH"), hidden))
    assert [Status.UNKNOWN] == statuses(run_check(source_auth_connection, credential("OAUTH"), unlisted=[Project]))
