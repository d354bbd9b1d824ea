import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.secretsmanager import LIST, OWN_POLICY, Secret
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.policy_cross_account import policy_cross_account
from tests.checks.policies import STRANGER, SharedPolicies, allow, document, policy_in


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"


def secret(policy, **fields):
    listed = {"ARN": ARN, "Name": "signer", **fields}
    return fake(Secret, {LIST: listed, OWN_POLICY: {"ResourcePolicy": json.dumps(policy)} if policy else {}})


class TestSharedPolicies(SharedPolicies):
    check = policy_cross_account
    action = "secretsmanager:GetSecretValue"

    def make(self, policy):
        return secret(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--resource-policy") if "--resource-policy" in finding.fix else None


def test_grades_what_may_be_done():
    """
    To describe the secret is low.
    """
    for action, severity in (("Describe*", Severity.LOW), ("ListSecretVersionIds", Severity.LOW), ("*", Severity.HIGH)):
        policy = document([allow({"AWS": STRANGER})], f"secretsmanager:{action}")
        (finding,) = run_check(policy_cross_account, secret(policy))

        assert (Status.FAIL, severity) == (finding.status, finding.severity)


def test_deletes_a_policy_without_statements():
    """
    Where nothing is left the command deletes the policy.
    """
    policy = document([allow({"AWS": STRANGER})], "secretsmanager:GetSecretValue")
    (finding,) = run_check(policy_cross_account, secret(policy))

    assert f"aws secretsmanager delete-resource-policy --region eu-west-1 --secret-id {ARN}" == finding.fix


@pytest.mark.parametrize("fields", [{"DeletedDate": "2026-11-20T00:00:00Z"}, {"PrimaryRegion": "us-east-1"}])
def test_does_not_concern_deleted_secrets_and_replicas(fields):
    """
    AWS does not tell the policy of a deleted secret; a replica has its primary's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(policy_cross_account, secret(None, **fields)))
