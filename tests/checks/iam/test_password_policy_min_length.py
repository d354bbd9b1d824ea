import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import PASSWORD_POLICY, AccountCredentials, PasswordPolicy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.password_policy_min_length import password_policy_min_length
from tests.checks.iam.report import report, root, row


PEOPLE = report(root(), row("ada", password=True), row("backup"))


def policy(**settings):
    return fake(PasswordPolicy, {PASSWORD_POLICY: settings or None})


def asked(finding):
    return json.loads(finding.fix.split("'")[1])


def test_a_short_password_fails():
    """
    The command keeps all other settings: what it left out AWS would put back.
    """
    own = policy(
        MinimumPasswordLength=10,
        RequireSymbols=False,
        RequireNumbers=True,
        ExpirePasswords=False,
        MaxPasswordAge=0,
        PasswordReusePrevention=5,
        HardExpiry=None,
    )
    (finding,) = run_check(password_policy_min_length, own, PEOPLE)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "a password may be as short as 10 characters; 1 user has one" == finding.message
    assert {
        "MinimumPasswordLength": 14,
        "RequireSymbols": False,
        "RequireNumbers": True,
        "PasswordReusePrevention": 5,
    } == asked(finding)


def test_no_policy_is_the_default_of_aws():
    """
    Eight characters of three kinds; a policy in its place asks for no less.
    """
    (finding,) = run_check(password_policy_min_length, policy(), PEOPLE)

    assert "a password may be as short as 8 characters, AWS's default; 1 user has one" == finding.message
    assert {14, True} == set(asked(finding).values())
    assert 5 == len(asked(finding))


@pytest.mark.parametrize("length", [14, 32])
def test_long_passwords_pass(length):
    """
    Fourteen or more.
    """
    found = run_check(password_policy_min_length, policy(MinimumPasswordLength=length), PEOPLE)

    assert [Status.PASS] == statuses(found)


def test_without_people_it_weighs_less():
    """
    And as much as ever where it is not known whether there are any.
    """
    (nobody,) = run_check(password_policy_min_length, policy(), report(row("backup")))
    (untold,) = run_check(password_policy_min_length, policy(), fake(AccountCredentials, {}))

    assert (Severity.LOW, Severity.MEDIUM) == (nobody.severity, untold.severity)
    assert untold.message.endswith("AWS's default")


def test_the_minimum_is_an_option():
    """
    The command asks for it.
    """
    (finding,) = run_check(password_policy_min_length, policy(MinimumPasswordLength=14), PEOPLE, minimum=20)

    assert 20 == asked(finding)["MinimumPasswordLength"]


def test_a_refused_policy_is_unknown():
    """
    It is not the same as none.
    """
    assert [Status.UNKNOWN] == statuses(run_check(password_policy_min_length, fake(PasswordPolicy, {}), PEOPLE))
