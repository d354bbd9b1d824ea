import pytest

from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_initial_access_key import user_initial_access_key
from tests.checks.iam.people import user
from tests.checks.iam.report import LAST_WEEK, key, report, row


def judged(*keys, password=True):
    return run_check(user_initial_access_key, user("ada"), report(row("ada", *keys, password=password)))


def test_a_key_made_with_the_user_that_nobody_used_fails():
    """
    Within ten minutes; the command deletes it.
    """
    (finding,) = judged(key(made="2025-11-20T08:10:00+00:00", used=None))

    assert (Status.FAIL, "access-key-20251120T081000Z") == (finding.status, finding.sub_key)
    assert finding.fix.startswith("aws iam delete-access-key --user-name ada --access-key-id ")


@pytest.mark.parametrize(
    "each", [key(), key(made="2025-11-20T08:11:00+00:00", used=None), key(made=LAST_WEEK, used=None)]
)
def test_a_key_in_use_or_made_later_passes(each):
    """
    Somebody wanted it.
    """
    assert [Status.PASS] == statuses(judged(each))


def test_machines_and_users_without_keys_are_not_judged():
    """
    A machine's key is made with it, and an inactive one opens nothing.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged(key(used=None), password=False))
    assert [Status.NOT_APPLICABLE] == statuses(judged(key(used=None, active=False)))


def test_a_refused_report_is_unknown():
    """
    No report, no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(user_initial_access_key, user("ada"), fake(AccountCredentials, {})))
