import pytest

from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_long_lived_credentials import user_long_lived_credentials
from tests.checks.iam.people import user
from tests.checks.iam.report import key, report, row


def test_a_machine_with_a_key_in_use_fails():
    """
    The finding says since when, and what the key was used for last; the key's moment of birth tells it from others.
    """
    (finding,) = run_check(user_long_lived_credentials, user("backup"), report(row("backup", key())))

    assert finding.status is Status.FAIL
    assert "the access key of 2025-11-20 is active, used last on 2026-11-17 for s3" == finding.message
    assert "access-key-20251120T080000Z" == finding.sub_key
    assert finding.fix is None


def test_each_key_in_use_is_a_finding_of_its_own():
    """
    A key that was never used is not among them.
    """
    rows = row("backup", key(), key(made="2026-01-05T08:00:00+00:00"))
    unused = row("backup", key(), key(used=None))

    assert [Status.FAIL] * 2 == statuses(run_check(user_long_lived_credentials, user("backup"), report(rows)))
    assert [Status.FAIL] == statuses(run_check(user_long_lived_credentials, user("backup"), report(unused)))


def test_keys_used_for_iam_alone_are_long_lived_too():
    """
    And so are those whose service is not told.
    """
    for service in ("iam", "sts", None):
        rows = row("backup", key(service=service))
        assert [Status.FAIL] == statuses(run_check(user_long_lived_credentials, user("backup"), report(rows)))


@pytest.mark.parametrize("keys", [(), (key(active=False),)])
def test_no_active_key_passes(keys):
    """
    Neither no key nor an inactive one signs requests.
    """
    found = run_check(user_long_lived_credentials, user("backup"), report(row("backup", *keys)))

    assert [Status.PASS] == statuses(found)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("person", row("person", key(), password=True)),
        ("backup", row("backup", key(used=None))),
        ("github-deploy", row("github-deploy", key())),
    ],
)
def test_people_builds_and_unused_keys_are_not_judged(name, said):
    """
    Each belongs to another check.
    """
    found = run_check(user_long_lived_credentials, user(name), report(said))

    assert [Status.NOT_APPLICABLE] == statuses(found)


def test_a_user_younger_than_the_report_is_unknown():
    """
    The report is up to four hours old.
    """
    (finding,) = run_check(user_long_lived_credentials, user("new"), report(row("backup")))

    assert finding.status is Status.UNKNOWN
    assert "the credential report of 2026-11-24 09:00 UTC does not tell of it yet" == finding.message


def test_a_refused_report_is_unknown():
    """
    No report, no verdict.
    """
    found = run_check(user_long_lived_credentials, user("backup"), fake(AccountCredentials, {}))

    assert [Status.UNKNOWN] == statuses(found)
