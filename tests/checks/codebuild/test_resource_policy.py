import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codebuild import LIST, POLICY, Project
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.codebuild.resource_policy import resource_policy
from tests.checks.policies import (
    CONTAINED,
    ORGANIZATION_OF,
    OWN_ORGANIZATIONS,
    PUBLIC,
    SharedPolicies,
    option,
    policy_in,
)


def release(policy):
    return fake(Project, {LIST: "release", POLICY: {"policy": json.dumps(policy)} if policy else None})


class TestSharedPolicies(SharedPolicies):
    check = resource_policy
    action = "codebuild:BatchGetBuilds"
    resource = "arn:aws:codebuild:eu-west-1:111122223333:project/release"
    severity = Severity.MEDIUM

    def make(self, policy):
        return release(policy)

    def mended(self, finding):
        if "delete-resource-policy" in finding.fix:
            assert self.resource == option(finding.fix, "--resource-arn")
            return None
        return policy_in(finding.fix, "--policy")

    @pytest.mark.parametrize("case", [*CONTAINED, *OWN_ORGANIZATIONS], ids=str)
    def test_accepts_the_own_and_leaves_everybody_to_the_other_check(self, case):
        """
        The account and its organization pass.
        """
        assert [Status.PASS] == statuses(self.found(case, ORGANIZATION_OF))

    @pytest.mark.parametrize("case", PUBLIC, ids=str)
    def test_flags_what_lets_everybody_in(self, case):
        """
        There is no other check for that; the command's policy passes.
        """
        (finding,) = self.found(case, ORGANIZATION_OF)

        assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
        assert finding.found.startswith("anybody")
        assert [Status.PASS] == statuses(run_check(resource_policy, self.make(self.mended(finding)), ORGANIZATION_OF))


def test_a_refused_policy_is_unknown():
    """
    It is not the same as none.
    """
    project = fake(Project, {LIST: "release", POLICY: refused(Project, POLICY)})

    assert [Status.UNKNOWN] == statuses(run_check(resource_policy, project))
