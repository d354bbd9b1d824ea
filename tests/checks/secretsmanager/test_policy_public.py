import json

import pytest

from awsaudit import Status
from awsaudit.resources.secretsmanager import LIST, OWN_POLICY, Secret
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.policy_public import policy_public
from tests.checks.policies import PublicPolicies, allow, document, policy_in


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"


def secret(policy, **fields):
    listed = {"ARN": ARN, "Name": "signer", **fields}
    return fake(Secret, {LIST: listed, OWN_POLICY: {"ResourcePolicy": json.dumps(policy)} if policy else {}})


class TestPublicPolicies(PublicPolicies):
    check = policy_public
    action = "secretsmanager:GetSecretValue"

    def make(self, policy):
        return secret(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--resource-policy")


@pytest.mark.parametrize("key", ["secretsmanager:VersionStage", "secretsmanager:SecretId", "secretsmanager:Name"])
def test_flags_conditions_on_the_request(key):
    """
    Whoever asks says which secret and stage he wants.
    """
    policy = document([allow(StringEquals={key: "AWSCURRENT"})], "secretsmanager:GetSecretValue")

    assert [Status.FAIL] == statuses(run_check(policy_public, secret(policy)))


def test_does_not_guess_tags():
    """
    What hangs on the secret's own tags is not decided here.
    """
    policy = document([allow(StringEquals={"aws:ResourceTag/shared": "yes"})], "secretsmanager:GetSecretValue")

    assert [Status.UNKNOWN] == statuses(run_check(policy_public, secret(policy)))


@pytest.mark.parametrize("fields", [{"DeletedDate": "2026-11-20T00:00:00Z"}, {"PrimaryRegion": "us-east-1"}])
def test_does_not_concern_deleted_secrets_and_replicas(fields):
    """
    AWS does not tell the policy of a deleted secret; a replica has its primary's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(policy_public, secret(None, **fields)))
