import pytest

from awsaudit.resources.schemas import Discoverer, SchemaRegistry
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


REGISTRY = "arn:aws:schemas:eu-west-1:111122223333:registry"


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("kind", [Discoverer, SchemaRegistry])
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


def test_registries_of_the_account_with_their_policies(session):
    """
    Those of AWS are not asked for, and a registry without a policy has none.
    """
    schemas = session.stub("schemas")
    listed = [{"RegistryArn": f"{REGISTRY}/{name}", "RegistryName": name} for name in ("orders", "payouts")]
    schemas.add_response("list_registries", {"Registries": listed}, {"Scope": "LOCAL"})
    schemas.add_response("get_resource_policy", {"Policy": '{"Statement": []}'}, {"RegistryName": "orders"})
    schemas.add_client_error("get_resource_policy", "NotFoundException", expected_params={"RegistryName": "payouts"})

    orders, payouts = collect(session, SchemaRegistry).every(SchemaRegistry)

    assert ({"Statement": []}, None) == (orders.policy, payouts.policy)


def test_discoverers_are_read_to_the_last_page(session):
    """
    With the bus that each looks at.
    """
    schemas = session.stub("schemas")
    pages = [({"DiscovererArn": "a", "DiscovererId": id_, "SourceArn": "bus", "State": "STARTED"}) for id_ in "12"]
    schemas.add_response("list_discoverers", {"Discoverers": pages[:1], "NextToken": "more"}, {})
    schemas.add_response("list_discoverers", {"Discoverers": pages[1:]}, {"NextToken": "more"})

    found = collect(session, Discoverer).every(Discoverer)

    assert [("1", "bus", "STARTED"), ("2", "bus", "STARTED")] == [(d.id, d.source_arn, d.state) for d in found]
