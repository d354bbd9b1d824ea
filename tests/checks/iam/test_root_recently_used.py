import pytest

from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.root_recently_used import root_recently_used
from tests.checks.iam.report import LAST_WEEK, YEAR_AGO, key, report, root, row


SUMMER = "2026-07-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (root(password_last_used=LAST_WEEK), "its password was used on 2026-11-17"),
        (root(key()), "an access key of it was used on 2026-11-17"),
        (root(key(), password_last_used="2026-11-20T08:00:00+00:00"), "its password was used on 2026-11-20"),
    ],
)
def test_a_use_of_late_fails(said, message):
    """
    The last one is told, whatever it was by.
    """
    (finding,) = run_check(root_recently_used, report(said))

    assert (Status.FAIL, message) == (finding.status, finding.message)


@pytest.mark.parametrize("never", ["N/A", "no_information", SUMMER])
def test_no_use_of_late_passes(never):
    """
    Never, or long ago.
    """
    assert [Status.PASS] == statuses(run_check(root_recently_used, report(root(password_last_used=never))))


def test_a_young_account_gets_a_remark():
    """
    It has to be set up by somebody.
    """
    said = root(password_last_used=LAST_WEEK, user_creation_time="2026-11-10T08:00:00+00:00")
    (finding,) = run_check(root_recently_used, report(said))

    assert finding.status is Status.PASS
    assert ("its password was used on 2026-11-17, in an account of 2026-11-10",) == finding.notes


def test_the_days_are_an_option():
    """
    How long ago is long.
    """
    said = report(root(password_last_used=SUMMER, user_creation_time=YEAR_AGO))

    assert [Status.FAIL] == statuses(run_check(root_recently_used, said, days=200))


def test_without_a_row_there_is_nothing_to_judge():
    """
    As where root credentials were removed; a refused report is unknown.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(root_recently_used, report(row("ada"))))
    assert [Status.UNKNOWN] == statuses(run_check(root_recently_used, fake(AccountCredentials, {})))
