import pytest

from awsaudit import Severity, Status
from awsaudit.resources.organizations import Organization, OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.lambda_.policy_cross_account import policy_cross_account
from tests.estate import FOREIGN, OWN, alone, member_of
from tests.functions import alias, function, grant


def look(callee, *others, **more):
    return run_check(policy_cross_account, callee, *(others or alone()), **more)


STRANGER = function(grant({"AWS": f"arn:aws:iam::{FOREIGN}:root"}))


@pytest.mark.parametrize(
    "callee",
    [
        STRANGER,
        function(grant({"AWS": f"arn:aws:iam::{FOREIGN}:role/caller"})),
        function(grant({"Service": "sns.amazonaws.com"}, StringEquals={"AWS:SourceAccount": FOREIGN})),
        function(
            grant(
                {"Service": "events.amazonaws.com"},
                ArnLike={"AWS:SourceArn": f"arn:aws:events:eu-west-1:{FOREIGN}:rule/x"},
            )
        ),
    ],
)
def test_flags_strangers(callee):
    """
    By themselves, or by what a service does for them.
    """
    [finding] = look(callee)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert FOREIGN in finding.message
    assert finding.fix.endswith("--function-name book --statement-id grant")


def test_a_statement_for_several_gets_no_command():
    """
    Removing it would take the others' access away.
    """
    both = grant({"AWS": [f"arn:aws:iam::{FOREIGN}:root", f"arn:aws:iam::{OWN}:role/own"]})
    [finding] = look(function(both))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_known_accounts_pass():
    """
    Of the organization, of the configuration, the own one, and no policy.
    """
    assert [Status.PASS] == statuses(look(STRANGER, *member_of("o-abcdefghij", FOREIGN)))
    assert [Status.PASS] == statuses(look(STRANGER, trust=Trust(accounts=(FOREIGN,))))
    assert [Status.PASS] == statuses(look(function(grant({"AWS": f"arn:aws:iam::{OWN}:root"}))))
    assert [Status.PASS] == statuses(look(alias()))


def test_deleted_principals_are_low():
    """
    They let nobody in.
    """
    [finding] = look(function(grant({"AWS": "AROAABCDEFGHIJKLMNOPQ"})))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


def test_an_unseen_organization_is_unknown():
    """
    The account may be one of it.
    """
    found = run_check(policy_cross_account, STRANGER, unlisted=[Organization, OrganizationAccount])

    assert [Status.UNKNOWN] == statuses(found)
