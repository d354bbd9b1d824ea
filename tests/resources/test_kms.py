import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Grant, Key
from awsaudit.testing import fake


LISTED = {"KeyId": "1234abcd", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"}


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
