import json

import pytest

from awsaudit import Status
from awsaudit.resources.ecr import LIST, POLICY, POLICY_SCOPE, REGISTRY_POLICY, Registry, Repository
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.ecr.repository_policy_cross_account_push import repository_policy_cross_account_push
from tests.checks.policies import MEMBER, OWN, STRANGER, allow, document, policy_in


ARN = "arn:aws:ecr:eu-west-1:111122223333:repository/validators"


def validators(policy):
    listed = {"repositoryArn": ARN, "repositoryName": "validators"}
    return fake(Repository, {LIST: listed, POLICY: {"policyText": json.dumps(policy)} if policy else None})


def registry(policy, scope="V2"):
    own = {"policyText": json.dumps(policy)} if policy else None
    return fake(
        Registry, {REGISTRY_POLICY: own, POLICY_SCOPE: scope if not isinstance(scope, str) else {"value": scope}}
    )


PARTNER = {"AWS": f"arn:aws:iam::{STRANGER}:role/builder"}


@pytest.mark.parametrize(
    "action", ["*", "ecr:*", "ecr:Put*", ["ecr:BatchGetImage", "ecr:PutImage"], "ecr:SetRepositoryPolicy"]
)
@pytest.mark.parametrize("others", [(), (MEMBER,)], ids=["unknown", "known"])
def test_flags_other_accounts_that_push(action, others):
    """
    Whoever changes images from another account fails, known or not; the command leaves them the pulling.
    """
    policy = document([allow(PARTNER), {**allow({"AWS": OWN}), "Action": "ecr:BatchGetImage"}], action, None)
    (finding,) = run_check(repository_policy_cross_account_push, validators(policy), *others)

    assert (Status.FAIL, f"account {STRANGER}") == (finding.status, finding.found)
    again = validators(policy_in(finding.fix, "--policy-text"))
    assert [Status.PASS] == statuses(run_check(repository_policy_cross_account_push, again, *others))


def test_leaves_the_pulling():
    """
    What a wildcard stood for besides stays.
    """
    (finding,) = run_check(repository_policy_cross_account_push, validators(document([allow(PARTNER)], "ecr:*", None)))

    assert {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"} <= set(
        policy_in(finding.fix, "--policy-text")["Statement"][0]["Action"]
    )


@pytest.mark.parametrize(
    ("principal", "action"),
    [
        (PARTNER, ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]),
        (PARTNER, ["ecr:Get*", "ecr:Describe*", "ecr:List*"]),
        ({"AWS": OWN}, "ecr:*"),
        ("*", "ecr:*"),
    ],
)
def test_accepts_pulling_and_the_own_account(principal, action):
    """
    To pull and to look passes; what is for everybody is reported by the other check.
    """
    policy = document([allow(principal)], action, None)

    assert [Status.PASS] == statuses(run_check(repository_policy_cross_account_push, validators(policy)))


@pytest.mark.parametrize(
    "role", [PARTNER["AWS"], f"arn:aws:iam::{STRANGER}:role/build*", "arn:aws:iam::*:role/builder"]
)
def test_accepts_roles_that_deploy(role):
    """
    A role under [trust] ci-roles is meant to push.
    """
    pushing = validators(document([allow(PARTNER)], "ecr:*", None))
    found = run_check(repository_policy_cross_account_push, pushing, trust=Trust(ci_roles=(role,)))

    assert [Status.PASS] == statuses(found)


def test_does_not_concern_repositories_without_a_policy():
    """
    Without a policy nobody from outside does anything.
    """
    found = run_check(repository_policy_cross_account_push, validators(None), registry(None))

    assert [Status.NOT_APPLICABLE] == statuses(found)


@pytest.mark.parametrize("scope", ["V1", "V2"])
def test_counts_the_registrys_policy_by_its_scope(scope):
    """
    Under V2, the default, the registry's policy counts for every repository that it names; under V1 it does not.
    """
    above = registry(
        document([allow({"AWS": STRANGER})], "ecr:*", "arn:aws:ecr:eu-west-1:111122223333:repository/*"), scope
    )
    (finding,) = run_check(repository_policy_cross_account_push, validators(None), above)

    assert (Status.FAIL if scope == "V2" else Status.NOT_APPLICABLE) is finding.status
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
        assert Status.FAIL not in statuses(run_check(repository_policy_cross_account_push, validators(None), above))


def test_does_not_guess_the_registrys_scope():
    """
    A registry's policy whose scope could not be read leaves it unknown; without a policy the scope does not matter.
    """
    hidden = refused(Registry, POLICY_SCOPE)
    above = registry(document([allow({"AWS": STRANGER})], "ecr:BatchGetImage"), hidden)

    assert [Status.UNKNOWN] == statuses(run_check(repository_policy_cross_account_push, validators(None), above))
    assert Status.UNKNOWN not in statuses(
        run_check(repository_policy_cross_account_push, validators(None), registry(None, hidden))
    )
