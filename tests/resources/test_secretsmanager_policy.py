import pytest

from awsaudit import EvidenceMissing
from awsaudit.declare import compiled
from awsaudit.resources.secretsmanager import LIST, OWN_POLICY, Secret
from awsaudit.testing import call_faults, fake


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"
LISTED = {"ARN": ARN, "Name": "signer"}


def asked(**fields):
    item = {"ARN": ARN, **fields}
    willing = compiled(OWN_POLICY.when[1:]).search(item)
    return compiled(OWN_POLICY.params["SecretId"][1:]).search(item) if willing else None


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Secret))


@pytest.mark.parametrize(
    "fields", [{}, {"KmsKeyId": "alias/secrets"}, {"PrimaryRegion": "eu-west-1"}, {"OwningService": "rds"}]
)
def test_asks_every_live_secret_of_the_region(fields):
    """
    Whatever its key, a primary too, and one that a service owns: its policy may let others read it just as well.
    """
    assert ARN == asked(**fields)


@pytest.mark.parametrize("fields", [{"DeletedDate": "2026-11-20T00:00:00Z"}, {"PrimaryRegion": "us-east-1"}])
def test_asks_neither_replicas_nor_deleted_ones(fields):
    """
    AWS refuses to tell of a secret that is to be deleted; a replica's policy is its primary's.
    """
    assert asked(**fields) is None


@pytest.mark.parametrize(
    ("told", "policy"),
    [({"ResourcePolicy": '{"Statement": []}'}, {"Statement": []}), ({"ARN": ARN}, None), (None, None)],
)
def test_policy_is_read(told, policy):
    """
    A secret without a policy, and one that is not asked, has none.
    """
    assert policy == fake(Secret, {LIST: LISTED, OWN_POLICY: told}).policy


def test_a_policy_that_is_refused_or_no_object_is_unknown():
    """
    Neither is a secret without a policy.
    """
    for results in ({LIST: LISTED}, {LIST: LISTED, OWN_POLICY: {"ResourcePolicy": "[]"}}):
        secret = fake(Secret, results)

        with pytest.raises(EvidenceMissing, match="GetResourcePolicy"):
            _ = secret.policy
