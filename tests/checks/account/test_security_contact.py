from awsaudit import Status
from awsaudit.resources.account import OPERATIONS, SECURITY, AlternateContacts
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.account.security_contact import security_contact


CONTACT = {"AlternateContactType": "SECURITY", "EmailAddress": "security@northlight.example"}


def judge(**told):
    calls = {"security": SECURITY, "operations": OPERATIONS}
    return run_check(security_contact, fake(AlternateContacts, {calls[name]: value for name, value in told.items()}))


def test_accepts_a_contact():
    """
    Whoever it is; the one for operations need not be readable.
    """
    (finding,) = judge(security=CONTACT)

    assert Status.PASS is finding.status
    assert "arn:aws:account::111122223333:account" == finding.resource.arn
    assert "northlight" not in str(finding)


def test_flags_an_account_without_one():
    """
    One for operations does not stand for it.
    """
    (finding,) = judge(security=None, operations={"AlternateContactType": "OPERATIONS"})

    assert Status.FAIL is finding.status
    assert "there is no security contact" == finding.message


def test_does_not_know_what_was_refused():
    """
    A refused read is no missing contact.
    """
    assert [Status.UNKNOWN] == statuses(judge(operations=None))
