from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_single_access_key import user_single_access_key
from tests.checks.iam.people import user
from tests.checks.iam.report import LAST_WEEK, key, report, row


WINTER = "2026-01-05T08:00:00+00:00"


def judged(*keys, **more):
    return run_check(user_single_access_key, user("ada"), report(row("ada", *keys)), **more)


def test_two_keys_in_use_fail_without_a_command():
    """
    Whose key goes is the owner's to find out.
    """
    (finding,) = judged(key(made=WINTER), key())

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert finding.message.startswith(
        "the access key of 2025-11-20 is active, used last on 2026-11-17 for s3; the access"
    )


def test_the_idle_one_of_two_can_go():
    """
    It was not used for two weeks.
    """
    (finding,) = judged(key(), key(made=WINTER, used=None))

    assert "--status Inactive" in finding.fix
    assert '`"2026-01-05T08:00:00"`' in finding.fix


def test_one_key_passes_and_so_does_a_rotation_under_way():
    """
    The second one is younger than two weeks.
    """
    assert [Status.PASS] == statuses(judged(key()))
    assert [Status.PASS] == statuses(judged(key(), key(active=False)))
    assert [Status.PASS] == statuses(judged(key(), key(made=LAST_WEEK)))


def test_the_days_are_an_option():
    """
    How long a rotation may take.
    """
    assert [Status.FAIL] == statuses(judged(key(), key(made=LAST_WEEK), days=3))


def test_without_an_active_key_there_is_nothing_to_judge():
    """
    A refused report is unknown.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged())
    assert [Status.UNKNOWN] == statuses(run_check(user_single_access_key, user("ada"), fake(AccountCredentials, {})))
