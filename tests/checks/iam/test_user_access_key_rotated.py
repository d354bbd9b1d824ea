from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_access_key_rotated import user_access_key_rotated
from tests.checks.iam.people import user
from tests.checks.iam.report import LAST_WEEK, key, report, row


def judged(*keys, **more):
    return run_check(user_access_key_rotated, user("ada"), report(row("ada", *keys)), **more)


def test_an_old_key_fails():
    """
    Each by itself, with its age.
    """
    (finding,) = judged(key(), key(made=LAST_WEEK))

    assert (Status.FAIL, "369 days") == (finding.status, finding.found)
    assert "the access key of 2025-11-20 is active, used last on 2026-11-17 for s3" == finding.message


def test_a_young_key_passes():
    """
    Or one that is inactive.
    """
    assert [Status.PASS] == statuses(judged(key(made=LAST_WEEK)))
    assert [Status.PASS] == statuses(judged(key(made=LAST_WEEK), key(active=False)))


def test_without_an_active_key_there_is_nothing_to_judge():
    """
    None, or an inactive one.
    """
    assert [Status.NOT_APPLICABLE] * 2 == statuses([*judged(), *judged(key(active=False))])


def test_the_age_is_an_option():
    """
    In days.
    """
    assert [Status.PASS] == statuses(judged(key(), max_age_days=400))


def test_what_the_report_does_not_tell_is_unknown():
    """
    It was refused, or does not tell the key's age.
    """
    assert [Status.UNKNOWN] == statuses(run_check(user_access_key_rotated, user("ada"), fake(AccountCredentials, {})))
    assert [Status.UNKNOWN] == statuses(judged(key(made="N/A")))
