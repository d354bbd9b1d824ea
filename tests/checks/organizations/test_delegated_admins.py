import pytest

from awsaudit import Status
from awsaudit.resources.organizations import (
    DELEGATED,
    DELEGATED_SERVICES,
    ORGANIZATION,
    DelegatedAdministrator,
    Organization,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.organizations.delegated_admins import delegated_admins


MEMBER = fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": "777788889999"}})
SERVICES = ("guardduty.amazonaws.com", "securityhub.amazonaws.com")


def administrator(id_="444455556666", services=SERVICES, **more):
    listed = {"Id": id_, "Arn": f"arn:aws:organizations::777788889999:account/o-exampleorgid/{id_}", "Name": "security"}
    told = [{"ServicePrincipal": service} for service in services]
    return fake(DelegatedAdministrator, {DELEGATED: {**listed, **more}, DELEGATED_SERVICES: told})


def test_lists_them_where_nobody_said_who_is_known():
    """
    For information, with the services of each.
    """
    [finding] = run_check(delegated_admins, MEMBER, administrator(State="ACTIVE"))

    assert Status.PASS == finding.status
    assert (f"444455556666 (security) administers {', '.join(SERVICES)}",) == finding.notes


@pytest.mark.parametrize(("known", "status"), [(("444455556666",), Status.PASS), (("111122223333",), Status.FAIL)])
def test_others_than_the_known_fail(known, status):
    """
    Once the owner has said who is meant to be one.
    """
    assert [status] == statuses(run_check(delegated_admins, MEMBER, administrator(), known=known))


def test_takes_every_service_back():
    """
    One call for each.
    """
    [finding] = run_check(delegated_admins, MEMBER, administrator(), known=("111122223333",))

    assert (
        "printf %s 'guardduty.amazonaws.com securityhub.amazonaws.com' | xargs -n 1 aws organizations "
        "deregister-delegated-administrator --account-id 444455556666 --service-principal" == finding.fix
    )


@pytest.mark.parametrize("more", [{"State": "CLOSED"}, {"Status": "SUSPENDED"}])
def test_accounts_that_do_nothing_any_more_pass(more):
    """
    By the state, or by what AWS called it before.
    """
    assert [Status.PASS] == statuses(run_check(delegated_admins, MEMBER, administrator(**more), known=("1",)))


def test_no_delegation_passes():
    """
    The management account does it all.
    """
    assert [Status.PASS] == statuses(run_check(delegated_admins, MEMBER, known=("111122223333",)))


def test_a_refused_list_is_unknown():
    """
    Members may not ask.
    """
    assert [Status.UNKNOWN] == statuses(run_check(delegated_admins, MEMBER, unlisted=[DelegatedAdministrator]))


def test_does_not_apply_outside_an_organization():
    """
    There is nobody to delegate to.
    """
    alone = fake(Organization, {ORGANIZATION: None})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(delegated_admins, alone))
