from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.insecure_ssl import insecure_ssl
from tests.checks.codebuild.building import GITHUB, reading


def test_flags_a_source_whose_host_is_not_verified():
    """
    The first source and the others have commands of their own.
    """
    others = [
        {**GITHUB, "insecureSsl": True, "sourceIdentifier": "config"},
        {**GITHUB, "insecureSsl": False, "sourceIdentifier": "docs"},
    ]
    first, second = run_check(insecure_ssl, reading(*others, insecureSsl=True))

    assert [Status.FAIL, Status.FAIL] == statuses([first, second])
    assert "merge(projects[0].source, {insecureSsl: `false`})" in first.fix
    assert "projects[0].secondarySources[].merge(@, {insecureSsl: `false`})" in second.fix


def test_accepts_a_verified_host():
    """
    Verified is what AWS does unless told.
    """
    assert [Status.PASS] == statuses(run_check(insecure_ssl, reading(dict(GITHUB))))
