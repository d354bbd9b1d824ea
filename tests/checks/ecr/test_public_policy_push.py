import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecr_public import LIST, POLICY, PublicRepository
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.ecr.public_policy_push import public_policy_push
from tests.checks.policies import (
    ORGANIZATION_OF,
    OWN_ROLE,
    STRANGER,
    PublicPolicies,
    SharedPolicies,
    allow,
    document,
    policy_in,
)


def repository(policy):
    listed = {"repositoryArn": "arn:aws:ecr-public::111122223333:repository/geth", "repositoryName": "geth"}
    return fake(PublicRepository, {LIST: listed, POLICY: {"policyText": json.dumps(policy)} if policy else None})


class TestPublicPolicies(PublicPolicies):
    check = public_policy_push
    action = "ecr-public:PutImage"
    resource = None
    severity = Severity.HIGH

    def make(self, policy):
        return repository(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy-text") if "--policy-text" in finding.fix else None

    # Here they fail as well.
    test_leaves_accounts_and_organizations_to_the_other_check = None


class TestSharedPolicies(SharedPolicies):
    check = public_policy_push
    action = "ecr-public:PutImage"
    resource = None

    def make(self, policy):
        return repository(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy-text") if "--policy-text" in finding.fix else None

    # Here everybody fails as well.
    test_accepts_the_own_and_leaves_everybody_to_the_other_check = None


@pytest.mark.parametrize("action", ["ecr-public:PutImage", "ecr-public:*", "ecr-public:SetRepositoryPolicy"])
def test_flags_other_accounts_that_push(action):
    """
    Or that could give themselves the right to.
    """
    policy = document([allow({"AWS": [OWN_ROLE, STRANGER]})], action, None)
    [finding] = run_check(public_policy_push, repository(policy), ORGANIZATION_OF)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert STRANGER in finding.message
    assert finding.fix.startswith(
        "aws ecr-public set-repository-policy --region us-east-1 --repository-name geth --policy-text"
    )
    assert [Status.PASS] == statuses(
        run_check(public_policy_push, repository(policy), ORGANIZATION_OF, trust=Trust(accounts=(STRANGER,)))
    )


def test_reading_is_everybodys():
    """
    A public repository is there to be pulled from.
    """
    policy = document([allow()], "ecr-public:DescribeImages", None)

    assert [Status.PASS] == statuses(run_check(public_policy_push, repository(policy), ORGANIZATION_OF))


def test_no_policy_passes_and_a_hidden_one_is_unknown():
    """
    Without a policy only the account itself pushes.
    """
    listed = {"repositoryArn": "arn:aws:ecr-public::111122223333:repository/geth", "repositoryName": "geth"}
    hidden = fake(PublicRepository, {LIST: listed, POLICY: refused(PublicRepository, POLICY)})

    assert [Status.PASS] == statuses(run_check(public_policy_push, repository(None), ORGANIZATION_OF))
    assert [Status.UNKNOWN] == statuses(run_check(public_policy_push, hidden, ORGANIZATION_OF))
