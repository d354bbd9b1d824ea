import pytest

from awsaudit import Severity, Status
from awsaudit.resources.dynamodb import POLICY, STREAM_POLICY, Table
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.dynamodb.resource_policy import resource_policy
from tests.checks.dynamodb.tables import ARN, STREAM, table
from tests.checks.policies import (
    CONTAINED,
    ORGANIZATION_OF,
    OWN_ORGANIZATIONS,
    PUBLIC,
    STRANGER,
    SharedPolicies,
    allow,
    document,
    option,
    policy_in,
)


class TestSharedPolicies(SharedPolicies):
    check = resource_policy
    action = "dynamodb:GetItem"
    resource = ARN

    def make(self, policy):
        return table(policy)

    def mended(self, finding):
        assert ARN == option(finding.fix, "--resource-arn")
        return policy_in(finding.fix, "--policy") if "put-resource-policy" in finding.fix else None

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

        assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
        assert [Status.PASS] == statuses(run_check(resource_policy, self.make(self.mended(finding)), ORGANIZATION_OF))


def test_judges_the_policy_of_the_stream():
    """
    Beside that of the table, by the command for the stream.
    """
    policy = document([allow({"AWS": STRANGER})], "dynamodb:GetRecords", STREAM)
    [finding] = run_check(resource_policy, table(stream=policy))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "the policy of its stream lets account" in finding.message
    assert f"aws dynamodb delete-resource-policy --region eu-west-1 --resource-arn {STREAM}" == finding.fix
    assert [Status.PASS] == statuses(run_check(resource_policy, table(streaming=True)))


def test_what_was_refused_is_unknown():
    """
    Either policy; that of a stream only where there is one.
    """
    hidden = [(STREAM_POLICY, refused(Table, STREAM_POLICY))]

    assert [Status.UNKNOWN] == statuses(run_check(resource_policy, table(results=[(POLICY, refused(Table, POLICY))])))
    assert [Status.UNKNOWN] == statuses(run_check(resource_policy, table(streaming=True, results=hidden)))
    assert [Status.PASS] == statuses(run_check(resource_policy, table(results=hidden)))
