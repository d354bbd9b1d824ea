import pytest

from awsaudit import Status
from awsaudit.resources.iam import SAML_PROVIDERS, Account, AccountCredentials, Role, SamlProvider
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.saml_or_identity_center import saml_or_identity_center
from tests.checks.iam.people import role
from tests.checks.iam.report import report, root, row


ITSELF = fake(Account, {})
PROVIDER = fake(SamlProvider, {SAML_PROVIDERS: {"Arn": "arn:aws:iam::111122223333:saml-provider/company"}})
CENTER = role("AWSReservedSSO_Admin", Path="/aws-reserved/sso.amazonaws.com/eu-west-1/")
PEOPLE = report(root(), row("ada", password=True), row("bo", password=True), row("backup"))


def test_passwords_without_a_federation_fail():
    """
    The people are named; machines are not counted, nor is the root user.
    """
    (finding,) = run_check(saml_or_identity_center, ITSELF, PEOPLE, role("plain"))

    assert finding.status is Status.FAIL
    assert finding.message.startswith("ada, bo sign in with passwords of the account")
    assert "2 users with a password" == finding.found


def test_many_people_are_counted():
    """
    Three names are enough.
    """
    many = report(*(row(name, password=True) for name in ("ada", "bo", "cy", "di", "ed")))
    (finding,) = run_check(saml_or_identity_center, ITSELF, many)

    assert finding.message.startswith("ada, bo, cy and 2 more sign in")


@pytest.mark.parametrize("federation", [PROVIDER, CENTER])
def test_either_federation_passes(federation):
    """
    A SAML provider, or a role that IAM Identity Center made.
    """
    assert [Status.PASS] == statuses(run_check(saml_or_identity_center, ITSELF, PEOPLE, federation))


def test_without_people_there_is_nothing_to_federate():
    """
    Users without passwords are machines.
    """
    machines = report(root(), row("backup"))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(saml_or_identity_center, ITSELF, machines))


@pytest.mark.parametrize("hidden", [SamlProvider, Role])
def test_a_federation_that_could_not_be_asked_for_is_unknown(hidden):
    """
    Unless the other one is there.
    """
    other = CENTER if hidden is SamlProvider else PROVIDER
    alone = run_check(saml_or_identity_center, ITSELF, PEOPLE, unlisted=[hidden])
    both = run_check(saml_or_identity_center, ITSELF, PEOPLE, other, unlisted=[hidden])

    assert [Status.UNKNOWN] == statuses(alone)
    assert [Status.PASS] == statuses(both)


def test_a_refused_report_is_unknown():
    """
    Who has a password is not known.
    """
    found = run_check(saml_or_identity_center, ITSELF, fake(AccountCredentials, {}), PROVIDER)

    assert [Status.UNKNOWN] == statuses(found)
