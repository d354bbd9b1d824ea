import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.resources.logs import (
    LOG_GROUPS,
    METRIC_FILTERS,
    OWN_POLICY,
    POLICIES,
    LogGroup,
    LogResourcePolicy,
    Metric,
    MetricFilter,
)
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:"


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_log_group_and_policies_are_read():
    """
    A log group may have a policy of its own; the account's have names.
    """
    listed = {"logGroupName": "/health", "logGroupArn": f"{ARN}/health", "arn": f"{ARN}/health:*"}
    group = fake(LogGroup, {LOG_GROUPS: listed, OWN_POLICY: {"policyDocument": '{"Statement": []}'}})
    policy = fake(LogResourcePolicy, {POLICIES: {"policyName": "events", "policyDocument": '{"Statement": [1]}'}})

    assert (f"{ARN}/health", "/health", {"Statement": []}) == (group.arn, group.name, group.policy)
    assert ("events", {"Statement": [1]}) == (policy.name, policy.document)
    assert "arn:aws:logs:eu-west-1:111122223333:resource-policy/events" == policy.arn


def test_a_log_group_is_asked_for_its_own_policy(session):
    """
    An empty list means none; a refusal does not.
    """
    logs = session.stub("logs")
    groups = [{"logGroupName": name, "logGroupArn": ARN + name} for name in "ab"]
    logs.add_response("describe_log_groups", {"logGroups": groups})
    asked = {"policyScope": "RESOURCE", "resourceArn": f"{ARN}a"}
    logs.add_response("describe_resource_policies", {"resourcePolicies": []}, asked)
    logs.add_client_error("describe_resource_policies", "AccessDeniedException", http_status_code=400)

    a, b = collect(session, LogGroup).every(LogGroup)

    assert a.policy is None
    with pytest.raises(EvidenceMissing, match="grant logs:DescribeResourcePolicies"):
        _ = b.policy


def test_the_policies_of_the_account_are_listed(session):
    """
    Those of single log groups are not among them.
    """
    policy = {"policyName": "events", "policyDocument": "{}"}
    session.stub("logs").add_response(
        "describe_resource_policies", {"resourcePolicies": [policy]}, {"policyScope": "ACCOUNT"}
    )

    (found,) = collect(session, LogResourcePolicy).every(LogResourcePolicy)

    assert ("events", {}) == (found.name, found.document)


def test_metric_filter_says_what_it_counts_into_what():
    """
    A pattern that AWS leaves out is an empty one: every event.
    """
    told = {
        "filterName": "root",
        "logGroupName": "trail",
        "filterPattern": "{ $.a = 1 }",
        "metricTransformations": [{"metricName": "Root", "metricNamespace": "Trail", "metricValue": "1"}],
    }
    found = fake(MetricFilter, {METRIC_FILTERS: told})
    every = fake(MetricFilter, {METRIC_FILTERS: {"filterName": "all", "logGroupName": "trail"}})

    assert ("root", "trail", "{ $.a = 1 }") == (found.name, found.log_group, found.pattern)
    assert (Metric("Trail", "Root"),) == found.metrics
    assert (False, None, "", ()) == (every.transformed, every.selection, every.pattern, every.metrics)
    assert "arn:aws:logs:eu-west-1:111122223333:log-group:trail:metric-filter:root" == found.arn


def test_reads_what_a_metric_filter_counts():
    """
    What an event counts for, what no event does, and what dimensions are taken from it.
    """
    plain = {"metricNamespace": "Trail", "metricName": "Calls"}
    more = {"metricValue": "$.size", "defaultValue": 0, "dimensions": {"call": "$.eventName"}}
    listed = {"filterName": "calls", "logGroupName": "trail", "metricTransformations": [plain, {**plain, **more}]}
    first, second = fake(MetricFilter, {METRIC_FILTERS: listed}).metrics

    assert Metric("Trail", "Calls") == first
    assert Metric("Trail", "Calls", "$.size", 0.0, {"call": "$.eventName"}) == second
