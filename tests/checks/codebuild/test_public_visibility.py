import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.public_visibility import public_visibility
from tests.checks.codebuild.building import project


def test_flags_public_builds():
    """
    The command makes them private.
    """
    (finding,) = run_check(public_visibility, project(projectVisibility="PUBLIC_READ"))

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--project-visibility PRIVATE")


@pytest.mark.parametrize("fields", [{}, {"projectVisibility": "PRIVATE"}])
def test_accepts_private_builds(fields):
    """
    Private is what AWS does unless told.
    """
    assert [Status.PASS] == statuses(run_check(public_visibility, project(**fields)))
