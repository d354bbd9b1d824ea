import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Grant, Key
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect


LISTED = {"KeyId": "1234abcd", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Key))


def test_policy_and_grants_are_read():
    """
    A policy is JSON as text; a grant may name a service in place of a principal, and bind the encryption context.
    """
    granted = {
        "GrantId": "0c2",
        "GranteePrincipal": "arn:aws:iam::111122223333:role/reader",
        "Operations": ["Decrypt", "GenerateDataKey"],
        "Constraints": {"EncryptionContextSubset": {"purpose": "audit"}},
        "IssuingAccount": "arn:aws:iam::111122223333:root",
    }
    to_service = {"GrantId": "1d3", "GranteeServicePrincipal": "rds.eu-west-1.amazonaws.com", "Operations": ["Decrypt"]}
    key = fake(
        Key,
        {
            LIST: LISTED,
            DESCRIBE: {"KeyUsage": "ENCRYPT_DECRYPT"},
            POLICY: {"Policy": '{"Statement": []}'},
            GRANTS: [granted, to_service],
        },
    )

    first, second = key.grants
    assert {"Statement": []} == key.policy
    assert ("Decrypt", "GenerateDataKey") == first.operations
    assert (None, {"purpose": "audit"}) == (first.encryption_context_equals, first.encryption_context_subset)
    assert Grant("1d3", "rds.eu-west-1.amazonaws.com", None, ("Decrypt",)) == second


def test_aws_keys_have_neither():
    """
    Nothing is asked about a key that AWS manages: it has no policy of the owner's, and no grants that matter.
    """
    key = fake(Key, {LIST: LISTED, POLICY: None, GRANTS: None})

    assert (None, ()) == (key.policy, key.grants)


def test_a_policy_that_is_no_object_is_malformed():
    """
    What cannot be read is missing evidence, not an empty policy.
    """
    key = fake(Key, {LIST: LISTED, POLICY: {"Policy": "[]"}})

    with pytest.raises(EvidenceMissing, match="GetKeyPolicy"):
        _ = key.policy


def test_a_service_is_the_grantee_where_one_is_named():
    """
    AWS may give several principals of the service in the other field; a grant may be bound to a resource.
    """
    granted = {
        "GrantId": "2e4",
        "GranteePrincipal": "rds.amazonaws.com",
        "GranteeServicePrincipal": "rds.eu-west-1.amazonaws.com",
        "RetiringServicePrincipal": "rds.eu-west-1.amazonaws.com",
        "Operations": ["Decrypt"],
        "Constraints": {"SourceArn": "arn:aws:rds:eu-west-1:111122223333:db:orders"},
    }
    (grant,) = fake(Key, {LIST: LISTED, GRANTS: [granted]}).grants

    assert ("rds.eu-west-1.amazonaws.com",) * 2 == (grant.grantee, grant.retiring)
    assert "arn:aws:rds:eu-west-1:111122223333:db:orders" == grant.source_arn


def test_only_customer_keys_are_asked_about(session):
    """
    A key that waits for its deletion has a policy still, one of AWS's is not asked for it; a refused policy costs that
    fact only, and grants come in pages.
    """
    arns = [f"arn:aws:kms:eu-west-1:111122223333:key/{name}" for name in "abc"]
    kms = session.stub("kms")
    kms.add_response("list_keys", {"Keys": [{"KeyId": arn[-1], "KeyArn": arn} for arn in arns]})
    for arn, manager, state in zip(
        arns, ("CUSTOMER", "AWS", "CUSTOMER"), ("PendingDeletion", "Enabled", "Disabled"), strict=True
    ):
        told = {"KeyId": arn[-1], "KeyManager": manager, "KeyState": state}
        kms.add_response("describe_key", {"KeyMetadata": told}, {"KeyId": arn})
    kms.add_response("get_key_policy", {"Policy": "{}"}, {"KeyId": arns[0], "PolicyName": "default"})
    first = {"Grants": [{"GrantId": "0c2", "GranteePrincipal": arns[0]}], "Truncated": True, "NextMarker": "1"}
    kms.add_response("list_grants", first, {"KeyId": arns[0]})
    second = {"Grants": [{"GrantId": "1d3", "GranteePrincipal": arns[0]}], "Truncated": False}
    kms.add_response("list_grants", second, {"KeyId": arns[0], "Marker": "1"})
    kms.add_client_error("get_key_policy", "AccessDeniedException", http_status_code=400)
    kms.add_response("list_grants", {"Grants": []}, {"KeyId": arns[2]})

    waiting, aws, hidden = collect(session, Key).every(Key)

    assert ({}, ["0c2", "1d3"]) == (waiting.policy, [grant.id for grant in waiting.grants])
    assert (None, ()) == (aws.policy, aws.grants)
    assert () == hidden.grants
    with pytest.raises(EvidenceMissing, match="grant kms:GetKeyPolicy"):
        _ = hidden.policy
