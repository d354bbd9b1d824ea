from awsaudit import Status
from awsaudit.resources.account import OPERATIONS, SECURITY, AlternateContacts
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.alternate_contact_operations import alternate_contact_operations


def judge(told):
    return run_check(alternate_contact_operations, fake(AlternateContacts, told))


def test_accepts_a_contact():
    """
    Whoever it is.
    """
    contact = {"AlternateContactType": "OPERATIONS", "EmailAddress": "ops@northlight.example"}

    assert [Status.PASS] == statuses(judge({OPERATIONS: contact}))


def test_flags_an_account_without_one():
    """
    One for security does not stand for it.
    """
    (finding,) = judge({OPERATIONS: None, SECURITY: {"AlternateContactType": "SECURITY"}})

    assert Status.FAIL is finding.status
    assert "there is no operations contact" == finding.message


def test_does_not_know_what_was_refused():
    """
    A refused read is no missing contact.
    """
    assert [Status.UNKNOWN] == statuses(judge({SECURITY: None}))
