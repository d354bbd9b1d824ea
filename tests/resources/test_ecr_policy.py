import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.resources.ecr import POLICY, POLICY_SCOPE, REGISTRY_POLICY, Registry, Repository
from awsaudit.testing import fake
from tests.test_collect import Session, collect


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_policies_are_read():
    """
    Of repository and registry alike: JSON as text, or none.
    """
    policy = {"policyText": '{"Statement": []}'}

    assert {"Statement": []} == fake(Repository, {POLICY: policy}).policy
    assert fake(Repository, {POLICY: None}).policy is None
    assert {"Statement": []} == fake(Registry, {REGISTRY_POLICY: policy}).policy
    assert "V2" == fake(Registry, {POLICY_SCOPE: {"name": "REGISTRY_POLICY_SCOPE", "value": "V2"}}).policy_scope


def test_an_untold_scope_is_not_guessed():
    """
    Without a value the scope is unknown.
    """
    with pytest.raises(EvidenceMissing, match="Unreadable:policy_scope"):
        _ = fake(Registry, {POLICY_SCOPE: {}}).policy_scope


def test_there_is_one_registry_a_region(session):
    """
    A registry without a policy says so by an error; a refused one does not.
    """
    here, there = session.stub("ecr"), session.stub("ecr", "us-east-1")
    here.add_client_error("get_registry_policy", "RegistryPolicyNotFoundException")
    there.add_client_error("get_registry_policy", "AccessDeniedException")
    for stub, scope in ((here, "V1"), (there, "V2")):
        answer = {"name": "REGISTRY_POLICY_SCOPE", "value": scope}
        stub.add_response("get_account_setting", answer, {"name": "REGISTRY_POLICY_SCOPE"})

    one, other = collect(session, Registry, regions=("eu-west-1", "us-east-1")).every(Registry)

    assert (None, "V1", "V2") == (one.policy, one.policy_scope, other.policy_scope)
    assert "arn:aws:ecr:eu-west-1:111122223333:registry-policy" == one.arn
    with pytest.raises(EvidenceMissing, match="grant ecr:GetRegistryPolicy"):
        _ = other.policy
