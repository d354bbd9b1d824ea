import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.organizations import (
    ACCOUNTS,
    CONTENT,
    ORGANIZATION,
    PLACE,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    TARGETS,
    Organization,
    OrganizationAccount,
    OrganizationPlace,
    ResourceControlPolicy,
    ServiceControlPolicy,
)
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect


ROOT, UNIT, HERE = "r-ab12", "ou-ab12-11111111", "111122223333"
PATH = f"o-exampleorgid/{ROOT}/{UNIT}"
CONTROLS = [ServiceControlPolicy, ResourceControlPolicy]
ALL = [Organization, OrganizationAccount, OrganizationPlace, *CONTROLS]


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("kind", ALL)
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


@pytest.mark.parametrize(("told", "state"), [({"State": "SUSPENDED"}, "SUSPENDED"), ({}, None)])
def test_accounts_have_a_state(told, state):
    """
    A state that AWS does not tell is unset.
    """
    assert state == fake(OrganizationAccount, {ACCOUNTS: {"Id": HERE, **told}}).state


def test_organization_is_read():
    """
    An account in no organization has neither its id nor a management account.
    """
    organization = fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": "111122223333"}})
    none = fake(Organization, {ORGANIZATION: None})

    assert ("o-exampleorgid", "111122223333") == (organization.id, organization.management_account)
    assert (None, None) == (none.id, none.management_account)
    assert ("AWSOrganizationsNotInUseException",) == ORGANIZATION.absent


def test_place_is_a_path_from_the_root():
    """
    The organization's own id is no place that policies hang on.
    """
    for path in (f"{PATH}/{HERE}/", f"{PATH}/"):
        place = fake(OrganizationPlace, {PLACE: {"Id": HERE, "Paths": [path]}})

        assert (ROOT, UNIT, HERE) == place.ancestors
    assert fake(OrganizationPlace, {PLACE: None}).ancestors is None


@pytest.mark.parametrize("paths", [None, [], [f"{ROOT}/{HERE}/"], ["o-exampleorgid/"], [""], [f"{PATH}/", f"{PATH}/"]])
def test_an_account_without_a_readable_path_is_not_outside(paths):
    """
    AWS told of the account, so that it is in an organization: where is unknown, and so is what binds it.
    """
    place = fake(OrganizationPlace, {PLACE: {"Id": HERE, "Paths": paths}})

    with pytest.raises(EvidenceMissing, match="Unreadable:ancestors"):
        _ = place.ancestors


def test_control_policies_are_read():
    """
    Service and resource control policies have a document and what they hang on.
    """
    for kind, listing in ((ServiceControlPolicy, SERVICE_CONTROL), (ResourceControlPolicy, RESOURCE_CONTROL)):
        listed = {"Id": "p-1", "Arn": "arn:aws:organizations::111122223333:policy/p-1", "Name": "edge"}
        policy = fake(kind, {listing: listed, CONTENT: '{"Statement": []}', TARGETS: [{"TargetId": "r-ab12"}]})

        assert ("edge", {"Statement": []}, ("r-ab12",)) == (policy.name, policy.document, policy.target_ids)


def summary(id_):
    return {"Id": id_, "Arn": f"arn:aws:organizations::{HERE}:policy/o-exampleorgid/{id_}", "Name": id_}


def test_policies_come_with_what_they_hang_on(session):
    """
    Each type is listed for itself, in the home region; one that hangs on nothing, as all do of a type that is not enabled,
    binds nobody; one that was deleted meanwhile is none.
    """
    stub = session.stub("organizations", "us-east-1")
    listed = {"Policies": [summary("p-edge"), summary("p-gone")]}
    stub.add_response("list_policies", listed, {"Filter": "SERVICE_CONTROL_POLICY"})
    stub.add_response("list_policies", {"Policies": [summary("p-idle")]}, {"Filter": "RESOURCE_CONTROL_POLICY"})
    content = {"Policy": {"Content": '{"Statement": []}'}}
    stub.add_response("describe_policy", content, {"PolicyId": "p-edge"})
    first = {"Targets": [{"TargetId": ROOT}], "NextToken": "1"}
    stub.add_response("list_targets_for_policy", first, {"PolicyId": "p-edge"})
    second = {"PolicyId": "p-edge", "NextToken": "1"}
    stub.add_response("list_targets_for_policy", {"Targets": [{"TargetId": UNIT}]}, second)
    stub.add_client_error("describe_policy", "PolicyNotFoundException")
    stub.add_response("list_targets_for_policy", {"Targets": []}, {"PolicyId": "p-gone"})
    stub.add_response("describe_policy", content, {"PolicyId": "p-idle"})
    stub.add_response("list_targets_for_policy", {"Targets": []}, {"PolicyId": "p-idle"})

    inventory = collect(session, *CONTROLS, regions=("eu-west-1", "eu-central-1"))
    (service,), (resource,) = (inventory.every(kind) for kind in CONTROLS)

    assert ("p-edge", {"Statement": []}, (ROOT, UNIT)) == (service.name, service.document, service.target_ids)
    assert ("p-idle", ()) == (resource.name, resource.target_ids)


ASKED = ["describe_organization", "describe_account", "list_policies", "list_policies", "list_accounts"]
KINDS = [Organization, OrganizationPlace, *CONTROLS, OrganizationAccount]


def failing(session, code):
    for operation in ASKED:
        session.stub("organizations", "us-east-1").add_client_error(operation, code, http_status_code=400)
    return collect(session, *KINDS)


def test_outside_an_organization_there_is_nothing(session):
    """
    AWS says by an error that the account is in no organization; that is an answer.
    """
    inventory = failing(session, "AWSOrganizationsNotInUseException")
    (organization,), (place,) = inventory.every(Organization), inventory.every(OrganizationPlace)

    assert (None, None, None) == (organization.id, organization.management_account, place.ancestors)
    assert [()] * 3 == [inventory.every(kind) for kind in (*CONTROLS, OrganizationAccount)]


def test_a_member_that_may_not_look_does_not_know(session):
    """
    Refused is not without policies: neither where the account is nor what binds it is known.
    """
    inventory = failing(session, "AccessDeniedException")
    (place,) = inventory.every(OrganizationPlace)

    with pytest.raises(EvidenceMissing, match="grant organizations:DescribeAccount"):
        _ = place.ancestors
    for kind in CONTROLS:
        with pytest.raises(EvidenceMissing, match="grant organizations:ListPolicies"):
            inventory.every(kind)
