from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_console_mfa import user_console_mfa
from tests.checks.iam.people import user
from tests.checks.iam.report import LAST_WEEK, report, row


def judged(said):
    return run_check(user_console_mfa, user("ada"), report(said))


def test_a_password_alone_fails():
    """
    The finding says whether it is used.
    """
    (used,) = judged(row("ada", password=True, password_last_used=LAST_WEEK))
    (never,) = judged(row("ada", password=True, password_last_used="no_information"))

    assert (Status.FAIL, "it signs in with a password alone, used last on 2026-11-17") == (used.status, used.message)
    assert "it signs in with a password alone, never used" == never.message


def test_a_second_factor_passes():
    """
    Of any kind.
    """
    assert [Status.PASS] == statuses(judged(row("ada", password=True, mfa_active="true")))


def test_machines_are_not_judged():
    """
    Without a password nobody signs in to the console.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged(row("ada")))


def test_what_the_report_does_not_tell_is_unknown():
    """
    It was refused, or is older than the user.
    """
    assert [Status.UNKNOWN] == statuses(run_check(user_console_mfa, user("ada"), fake(AccountCredentials, {})))
    assert [Status.UNKNOWN] == statuses(judged(row("bo", password=True)))
