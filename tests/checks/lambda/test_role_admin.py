from awsaudit import Severity, Status
from awsaudit.resources.lambda_ import Function
from awsaudit.testing import run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.lambda_.role_admin import role_admin
from tests.estate import OWN, allow, alone, deny, managed, role, trusting
from tests.functions import function


ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def book(*statements, service="lambda.amazonaws.com", **more):
    return role("book", *statements, trust=trusting(service), **more)


def look(role_, *functions, **more):
    return run_check(role_admin, role_, *alone(), managed(ADMIN, allow("*")), *functions, **more)


def test_flags_administrators_once():
    """
    With all functions that have the role.
    """
    [finding] = look(book(attached=[ADMIN]), function(), function(name="pay"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "book, pay may do everything in the account" == finding.message


def test_roles_that_may_do_less_pass():
    """
    By what they are allowed, or denied.
    """
    assert [Status.PASS] == statuses(look(book(allow("sqs:*")), function()))
    assert [Status.PASS] == statuses(look(book(allow("*"), deny("iam:*")), function()))


def test_administrators_of_the_configuration_pass():
    """
    The owner says so.
    """
    trust = Trust(administrators=(f"arn:aws:iam::{OWN}:role/book",))

    assert [Status.PASS] == statuses(look(book(attached=[ADMIN]), function(), trust=trust))


def test_does_not_concern_other_roles():
    """
    Those that no function has, or can have.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(book(attached=[ADMIN])))
    other = book(attached=[ADMIN], service="ec2.amazonaws.com")
    assert [Status.NOT_APPLICABLE] == statuses(look(other, function()))


def test_unseen_functions_are_unknown():
    """
    Unless one that was seen has the role.
    """
    assert [Status.UNKNOWN] == statuses(look(book(attached=[ADMIN]), unlisted=[Function]))
    assert [Status.FAIL] == statuses(look(book(attached=[ADMIN]), function(), unlisted=[Function]))
