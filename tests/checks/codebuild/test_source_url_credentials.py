import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.source_url_credentials import source_url_credentials
from tests.checks.codebuild.building import project, reading


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2
OPAQUE = "q7Zr91xK" + "fM2wTbn4LsV8"


@pytest.mark.parametrize(
    ("location", "severity", "found"),
    [
        (f"https://{TOKEN}@github.com/northlight/beacon", Severity.CRITICAL, "a github-token"),
        (f"https://ci:{OPAQUE}@bitbucket.org/northlight/beacon", Severity.CRITICAL, "a url-credentials"),
        (f"https://{OPAQUE}@bitbucket.org/northlight/beacon", Severity.MEDIUM, "what looks like a token"),
        (f"https://example.com/beacon.git?token={OPAQUE}", Severity.MEDIUM, "what looks like a token"),
    ],
)
def test_flags_a_credential_in_the_url(location, severity, found):
    """
    A finding never repeats it.
    """
    (finding,) = run_check(source_url_credentials, reading(location=location))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert f"the URL of its source holds {found}" in finding.message
    assert TOKEN not in repr(finding)
    assert OPAQUE not in repr(finding)


def test_flags_other_sources():
    """
    Secondary sources have URLs, too.
    """
    other = {"type": "GITHUB", "location": f"https://{TOKEN}@github.com/a/b", "sourceIdentifier": "config"}
    (finding,) = run_check(source_url_credentials, reading(other))

    assert finding.message.startswith("the URL of the secondary source config holds a github-token")


@pytest.mark.parametrize(
    "location",
    [
        "https://github.com/northlight/beacon.git",
        "https://alice-dev@bitbucket.org/northlight/beacon.git",
        "exports/a.zip",
    ],
)
def test_accepts_a_url_without(location):
    """
    A user alone is a name.
    """
    assert [Status.PASS] == statuses(run_check(source_url_credentials, reading(location=location)))


def test_does_not_concern_a_pipeline():
    """
    There is no URL.
    """
    judged = project(source={"type": "CODEPIPELINE"})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(source_url_credentials, judged))
