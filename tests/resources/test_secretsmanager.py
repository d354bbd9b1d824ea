import pytest

from awsaudit.declare import compiled
from awsaudit.resources.secretsmanager import (
    DEFAULT_KEY_POLICY,
    DESCRIBE,
    LIST,
    NAMED_KEY_POLICY,
    PENDING_VERSIONS,
    VERSIONS,
    SecretStore,
)
from awsaudit.testing import fake


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"
CURRENT = {"v1": ["AWSCURRENT"]}
HANGING = {**CURRENT, "v2": ["AWSPENDING"]}


def asked(call, **fields):
    return bool(compiled(call.when[1:]).search({"ARN": ARN, **fields}))


@pytest.mark.parametrize("call", [DESCRIBE, VERSIONS])
def test_asks_about_own_live_secrets_only(call):
    """
    Replicas and secrets to be deleted are not asked about; a primary is.
    """
    assert asked(call)
    assert asked(call, PrimaryRegion="eu-west-1")
    assert not asked(call, PrimaryRegion="us-east-1")
    assert not asked(call, PrimaryRegion="eu-west")
    assert not asked(call, DeletedDate="2026-11-20T00:00:00Z")


def test_asks_for_the_age_of_owned_secrets_never():
    """
    The values of secrets that a service owns are that service's business.
    """
    assert not asked(VERSIONS, OwningService="rds")


@pytest.mark.parametrize(
    ("stages", "wanted"),
    [(HANGING, True), (CURRENT, False), ({"v1": ["AWSCURRENT", "AWSPENDING"]}, False), ({}, False), (None, False)],
)
def test_asks_for_pending_versions_where_there_are_some(stages, wanted):
    """
    Only a pending version of its own is worth a request, and only where rotation is on.
    """
    assert wanted is asked(PENDING_VERSIONS, RotationEnabled=True, SecretVersionsToStages=stages)
    assert not asked(PENDING_VERSIONS, SecretVersionsToStages=stages)


@pytest.mark.parametrize("call", [DEFAULT_KEY_POLICY, NAMED_KEY_POLICY])
@pytest.mark.parametrize(("region", "wanted"), [(None, ARN), ("eu-west-1", ARN), ("us-east-1", None)])
def test_asks_no_replica_for_its_policy(call, region, wanted):
    """
    A replica's policy is its primary's; without a secret to ask about there is no request.
    """
    asked_about = compiled(call.params["SecretId"][1:]).search({"ARN": ARN, "PrimaryRegion": region})

    assert wanted == asked_about


def test_the_store_knows_its_secrets():
    """
    There is one a region, with secrets or without.
    """
    store = fake(SecretStore, {LIST: [{"ARN": ARN}]})

    assert (ARN,) == store.secret_arns
    assert () == fake(SecretStore, {LIST: []}).secret_arns
    assert "arn:aws:secretsmanager:eu-west-1:111122223333:secret-store" == store.arn
