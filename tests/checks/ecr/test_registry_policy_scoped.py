import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecr import POLICY_SCOPE, REGISTRY_POLICY, Registry
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecr.registry_policy_scoped import registry_policy_scoped
from tests.checks.policies import DELETED, MEMBER, OWN, STRANGER, allow, document, policy_in


EVERYWHERE = "arn:aws:ecr:eu-west-1:111122223333:repository/*"
PARTNER = {"AWS": f"arn:aws:iam::{STRANGER}:root"}


def registry(policy, scope="V2"):
    own = {"policyText": json.dumps(policy)} if policy else None
    return fake(Registry, {REGISTRY_POLICY: own, POLICY_SCOPE: {"value": scope}})


def replicating(principal, *actions, **conditions):
    return document([allow(principal, **conditions)], list(actions or ["ecr:ReplicateImage"]), EVERYWHERE)


@pytest.mark.parametrize("action", ["ecr:ReplicateImage", "ecr:CreateRepository", "ecr:BatchImportUpstreamImage"])
def test_flags_replication_for_everybody(action):
    """
    Anybody could write images into the registry.
    """
    (finding,) = run_check(registry_policy_scoped, registry(replicating("*", action)))

    assert (Status.FAIL, "anybody") == (finding.status, finding.found)
    after = registry(policy_in(finding.fix, "--policy-text"))
    assert [Status.PASS] == statuses(run_check(registry_policy_scoped, after))


def test_flags_replication_for_an_account_that_nobody_knows():
    """
    It is a stranger's images; where nothing is left the command deletes the policy.
    """
    (finding,) = run_check(registry_policy_scoped, registry(replicating(PARTNER)))

    assert (Status.FAIL, f"account {STRANGER}") == (finding.status, finding.found)
    assert "aws ecr delete-registry-policy --region eu-west-1" == finding.fix


@pytest.mark.parametrize("action", ["*", "ecr:*", "ECR:*"])
def test_flags_everything(action):
    """
    What nobody listed nobody meant. Under V1 the command loses nothing; under V2 it is the owner's to say what is meant.
    """
    policy = document([allow(PARTNER)], action, EVERYWHERE)
    (first,) = run_check(registry_policy_scoped, registry(policy, "V1"), MEMBER)
    (second,) = run_check(registry_policy_scoped, registry(policy, "V2"), MEMBER)

    assert [Status.FAIL] * 2 == [first.status, second.status]
    assert None is second.fix
    after = policy_in(first.fix, "--policy-text")
    assert ["ecr:ReplicateImage", "ecr:CreateRepository", "ecr:BatchImportUpstreamImage"] == after["Statement"][0][
        "Action"
    ]
    assert [Status.PASS] == statuses(run_check(registry_policy_scoped, registry(after, "V1"), MEMBER))


def test_mends_both_at_once():
    """
    Everything for everybody is two problems with one command.
    """
    found = run_check(registry_policy_scoped, registry(document([allow()], "ecr:*", EVERYWHERE), "V1"))

    assert 2 == len(found)
    assert 1 == len({finding.fix for finding in found})
    after = registry(policy_in(found[0].fix, "--policy-text"), "V1")
    assert [Status.PASS] == statuses(run_check(registry_policy_scoped, after))


def test_accepts_replication_for_known_accounts():
    """
    AWS's own example is for every repository: a remark.
    """
    (finding,) = run_check(registry_policy_scoped, registry(replicating(PARTNER)), MEMBER)

    assert (Status.PASS, 1) == (finding.status, len(finding.notes))


@pytest.mark.parametrize(
    "policy",
    [
        None,
        replicating({"AWS": OWN}),
        replicating("*", StringEquals={"aws:PrincipalAccount": OWN}),
        document([allow(PARTNER)], "ecr:BatchGetImage", EVERYWHERE),
    ],
)
def test_accepts_the_own_account_and_what_repositories_judge(policy):
    """
    No policy and the own account pass; pulling is judged at the repositories.
    """
    assert [Status.PASS] == statuses(run_check(registry_policy_scoped, registry(policy)))


def test_tells_deleted_principals_from_strangers():
    """
    A unique id is a leftover: low.
    """
    (finding,) = run_check(registry_policy_scoped, registry(replicating({"AWS": [OWN, DELETED]})))

    assert (Status.FAIL, Severity.LOW, DELETED) == (finding.status, finding.severity, finding.found)


def test_does_not_guess_whose_an_account_is():
    """
    Where the organization's accounts could not be listed it is unknown.
    """
    found = run_check(registry_policy_scoped, registry(replicating(PARTNER)), unlisted=(OrganizationAccount,))

    assert [Status.UNKNOWN] == statuses(found)
