import pytest

from awsaudit import Status
from awsaudit.resources.iam import AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_credentials_unused import user_credentials_unused
from tests.checks.iam.people import user
from tests.checks.iam.report import LAST_WEEK, YEAR_AGO, key, report, row


SEPTEMBER = "2026-09-30T08:00:00+00:00"


def judged(said, **more):
    return run_check(user_credentials_unused, user("ada"), report(said), **more)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"password_last_used": SEPTEMBER, "password_last_changed": YEAR_AGO},
            "the password was used last on 2026-09-30",
        ),
        ({"password_last_used": "no_information", "password_last_changed": YEAR_AGO}, "the password was never used"),
    ],
)
def test_an_unused_password_fails(said, message):
    """
    The command deletes it.
    """
    (finding,) = judged(row("ada", password=True, **said))

    assert (Status.FAIL, message, "password") == (finding.status, finding.message, finding.sub_key)
    assert "aws iam delete-login-profile --user-name ada" == finding.fix


def test_an_unused_key_fails():
    """
    The command finds out the key's id, which the report does not tell: it is the only active one.
    """
    (finding,) = judged(row("ada", key(used=None), key(active=False)))

    assert "the access key of 2025-11-20 is active, never used" == finding.message
    assert (
        "aws iam update-access-key --user-name ada --status Inactive --access-key-id "
        '"$(aws iam list-access-keys --user-name ada --output text --query '
        '\'AccessKeyMetadata[?Status == `"Active"`].AccessKeyId | [0]\')"'
    ) == finding.fix


def test_one_of_two_keys_is_found_by_its_birth():
    """
    The other one is in use.
    """
    (finding,) = judged(row("ada", key(), key(made="2026-01-05T08:00:00+00:00", used=SEPTEMBER)))

    assert "access-key-20260105T080000Z" == finding.sub_key
    assert '`"2026-01-05T08:00:00"`' in finding.fix


def test_every_unused_credential_is_a_finding():
    """
    Password and keys are told apart.
    """
    found = judged(
        row("ada", key(used=SEPTEMBER), password=True, password_last_used=SEPTEMBER, password_last_changed=YEAR_AGO)
    )

    assert ["password", "access-key-20251120T080000Z"] == [finding.sub_key for finding in found]


@pytest.mark.parametrize(
    "said",
    [
        row("ada", key()),
        row("ada", key(made=LAST_WEEK, used=None)),
        row("ada", password=True, password_last_used=LAST_WEEK, password_last_changed=YEAR_AGO),
        row("ada", password=True, password_last_used="no_information", password_last_changed=LAST_WEEK),
        row("ada", key(), key(used=SEPTEMBER, active=False)),
    ],
)
def test_what_is_used_or_new_passes(said):
    """
    An inactive key does not count.
    """
    assert [Status.PASS] == statuses(judged(said))


def test_without_credentials_there_is_nothing_to_judge():
    """
    Neither a password nor an active key.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged(row("ada", key(active=False))))


def test_the_days_are_an_option():
    """
    FSBP asks for 90 days in another place.
    """
    assert [Status.PASS] == statuses(judged(row("ada", key(used=SEPTEMBER)), days=90))


def test_what_the_report_does_not_tell_is_unknown():
    """
    It was refused, or does not tell of ages.
    """
    untold = row("ada", key(made="N/A", used=None))
    blind = row("ada", password=True, password_last_used="no_information", password_last_changed="N/A")

    assert [Status.UNKNOWN] == statuses(run_check(user_credentials_unused, user("ada"), fake(AccountCredentials, {})))
    assert [Status.UNKNOWN] * 2 == statuses([*judged(untold), *judged(blind)])
