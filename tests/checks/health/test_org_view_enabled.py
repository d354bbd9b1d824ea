import pytest

from awsaudit import Status
from awsaudit.resources import health
from awsaudit.resources.organizations import ORGANIZATION, Organization
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.org_view_enabled import org_view_enabled


def organization(management="111122223333"):
    told = {"Id": "o-exampleorgid", "MasterAccountId": management} if management else None
    return fake(Organization, {ORGANIZATION: told})


def account(status):
    told = {"healthServiceAccessStatusForOrganization": status} if status else None
    return fake(health.Account, {health.ORGANIZATION: told})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ENABLED", Status.PASS),
        ("DISABLED", Status.FAIL),
        ("PENDING", Status.UNKNOWN),
        (None, Status.NOT_APPLICABLE),
    ],
)
def test_the_management_account_is_judged(status, expected):
    """
    Without a support plan AWS refuses to tell.
    """
    assert [expected] == statuses(run_check(org_view_enabled, account(status), organization()))


def test_the_command_turns_it_on():
    """
    Where the API of AWS Health is.
    """
    (finding,) = run_check(org_view_enabled, account("DISABLED"), organization())

    assert "aws health enable-health-service-access-for-organization --region us-east-1" == finding.fix


@pytest.mark.parametrize("management", [None, "444455556666"])
def test_does_not_judge_others(management):
    """
    Members may not even ask.
    """
    refused = fake(health.Account)

    assert [Status.NOT_APPLICABLE] == statuses(run_check(org_view_enabled, refused, organization(management)))


def test_does_not_know_what_it_cannot_see():
    """
    The status, and the organization.
    """
    assert [Status.UNKNOWN] == statuses(run_check(org_view_enabled, fake(health.Account), organization()))
    assert [Status.UNKNOWN] == statuses(run_check(org_view_enabled, account("ENABLED"), unlisted=[Organization]))
