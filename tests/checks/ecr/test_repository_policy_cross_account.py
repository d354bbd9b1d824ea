import json

import pytest

from awsaudit import Status
from awsaudit.resources.ecr import LIST, POLICY, POLICY_SCOPE, REGISTRY_POLICY, Registry, Repository
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.ecr.repository_policy_cross_account import repository_policy_cross_account
from tests.checks.policies import STRANGER, SharedPolicies, allow, document, policy_in


ARN = "arn:aws:ecr:eu-west-1:111122223333:repository/validators"


def validators(policy):
    listed = {"repositoryArn": ARN, "repositoryName": "validators"}
    return fake(Repository, {LIST: listed, POLICY: {"policyText": json.dumps(policy)} if policy else None})


def registry(policy, scope="V2"):
    own = {"policyText": json.dumps(policy)} if policy else None
    return fake(
        Registry, {REGISTRY_POLICY: own, POLICY_SCOPE: scope if not isinstance(scope, str) else {"value": scope}}
    )


class TestSharedPolicies(SharedPolicies):
    check = repository_policy_cross_account
    action = "ecr:BatchGetImage"
    resource = None

    def make(self, policy):
        return validators(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy-text") if "--policy-text" in finding.fix else None


@pytest.mark.parametrize("scope", ["V1", "V2"])
def test_counts_the_registrys_policy_by_its_scope(scope):
    """
    Under V2, the default, the registry's policy counts for every repository that it names; under V1 it does not.
    """
    above = registry(
        document([allow({"AWS": STRANGER})], "ecr:*", "arn:aws:ecr:eu-west-1:111122223333:repository/*"), scope
    )
    (finding,) = run_check(repository_policy_cross_account, validators(None), above)

    assert (Status.FAIL if scope == "V2" else Status.PASS) is finding.status
    if scope == "V2":
        assert "of the registry's policy" in finding.message
        assert finding.fix.startswith("aws ecr put-registry-policy") or finding.fix.startswith(
            "aws ecr delete-registry-policy"
        )


def test_passes_over_what_the_registry_grants_elsewhere():
    """
    Statements about other repositories, and replication, are not about this one.
    """
    elsewhere = registry(
        document(
            [allow({"AWS": STRANGER})], "ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:111122223333:repository/charts/*"
        )
    )
    copies = registry(
        document([allow({"AWS": STRANGER})], "ecr:ReplicateImage", "arn:aws:ecr:eu-west-1:111122223333:repository/*")
    )

    for above in (elsewhere, copies):
        assert Status.FAIL not in statuses(run_check(repository_policy_cross_account, validators(None), above))


def test_does_not_guess_the_registrys_scope():
    """
    A registry's policy whose scope could not be read leaves it unknown; without a policy the scope does not matter.
    """
    hidden = refused(Registry, POLICY_SCOPE)
    above = registry(document([allow({"AWS": STRANGER})], "ecr:BatchGetImage"), hidden)

    assert [Status.UNKNOWN] == statuses(run_check(repository_policy_cross_account, validators(None), above))
    assert Status.UNKNOWN not in statuses(
        run_check(repository_policy_cross_account, validators(None), registry(None, hidden))
    )


def test_deletes_a_policy_without_statements():
    """
    Where nothing is left the command deletes the policy.
    """
    (finding,) = run_check(
        repository_policy_cross_account, validators(document([allow({"AWS": STRANGER})], "ecr:*", None))
    )

    assert "aws ecr delete-repository-policy --region eu-west-1 --repository-name validators" == finding.fix
