from awsaudit import Status
from awsaudit.resources.organizations import ORGANIZATION, Organization
from awsaudit.testing import fake, refused
from awsaudit_checks.cloudwatch.monitor_organizations_changes import monitor_organizations_changes
from tests.alerts import assert_watches, counted


CALLS = (
    "AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization "
    "DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization "
    "LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit"
)


def organization(management):
    told = {"Id": "o-example1234", "MasterAccountId": management} if management else None
    return fake(Organization, {ORGANIZATION: told})


def test_wants_every_call():
    """
    By one filter or several, by a rule of EventBridge, however they are written.
    """
    own = organization("111122223333")

    assert_watches(monitor_organizations_changes, "organizations", CALLS, others=[own], regions=["us-east-1"])


def test_judges_the_management_account_alone():
    """
    Elsewhere nothing of this is recorded.
    """
    for management in (None, "444455556666"):
        finding = counted(monitor_organizations_changes, others=[organization(management)])
        assert Status.NOT_APPLICABLE is finding.status
    hidden = fake(Organization, {ORGANIZATION: refused(Organization, ORGANIZATION)})
    assert Status.UNKNOWN is counted(monitor_organizations_changes, "", others=[hidden]).status
