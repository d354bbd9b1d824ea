from awsaudit.resources.organizations import DelegatedAdministrator
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(DelegatedAdministrator))


def test_administrators_with_their_services():
    """
    The state stands where AWS has it now, else where it was before.
    """
    session = Session()
    organizations = session.stub("organizations", "us-east-1")
    listed = [
        {"Id": "444455556666", "Arn": "a", "Name": "security", "State": "ACTIVE", "Status": "SUSPENDED"},
        {"Id": "777788889999", "Arn": "b", "Name": "backup", "Status": "SUSPENDED"},
    ]
    organizations.add_response("list_delegated_administrators", {"DelegatedAdministrators": listed}, {})
    for id_, service in (("444455556666", "guardduty.amazonaws.com"), ("777788889999", "backup.amazonaws.com")):
        told = {"DelegatedServices": [{"ServicePrincipal": service}]}
        organizations.add_response("list_delegated_services_for_account", told, {"AccountId": id_})

    found = collect(session, DelegatedAdministrator).every(DelegatedAdministrator)

    organizations.assert_no_pending_responses()
    assert [("ACTIVE", ("guardduty.amazonaws.com",)), ("SUSPENDED", ("backup.amazonaws.com",))] == [
        (each.state, each.services) for each in found
    ]


def test_outside_an_organization_there_is_none():
    """
    AWS says so by an error.
    """
    session = Session()
    session.stub("organizations", "us-east-1").add_client_error(
        "list_delegated_administrators", "AWSOrganizationsNotInUseException"
    )

    assert () == collect(session, DelegatedAdministrator).every(DelegatedAdministrator)
