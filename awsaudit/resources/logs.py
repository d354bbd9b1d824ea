"""
Amazon CloudWatch Logs.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import field, frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import document, flag, many, optional, optional_text, record, text


LOG_GROUPS = Call("DescribeLogGroups", result="logGroups[]")
# Policies are the account's, which name log groups as resources, or a log group's own, of which there is one at most.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
POLICIES = Call("DescribeResourcePolicies", result="resourcePolicies[]", params={"policyScope": "ACCOUNT"})
OWN_POLICY = Call(
    "DescribeResourcePolicies",
    result="resourcePolicies[0]",
    params={"policyScope": "RESOURCE", "resourceArn": "$logGroupArn"},
    gone=("ResourceNotFoundException",),
)


class LogGroup(Resource):
    """A log group."""

    service: ClassVar[str] = "logs"
    type: ClassVar[str] = "AWS::Logs::LogGroup"
    listing: ClassVar[Call] = LOG_GROUPS
    label: ClassVar[str] = "name"

    arn = Fact(LOG_GROUPS, "logGroupArn", text, "The log group's ARN, without the ``:*`` that stands for its streams.")
    name = Fact(LOG_GROUPS, "logGroupName", text, "The log group's name.")
    policy = Fact(
        OWN_POLICY,
        "policyDocument",
        document,
        "Its own resource policy; unset without one. `LogResourcePolicy` counts too.",
    )


class LogResourcePolicy(Resource):
    """A policy of the account in a region that lets services of AWS write to log groups."""

    service: ClassVar[str] = "logs"
    type: ClassVar[str] = "AWS::Logs::ResourcePolicy"
    listing: ClassVar[Call] = POLICIES
    label: ClassVar[str] = "name"

    name = Fact(POLICIES, "policyName", text, "The policy's name, unique in account and region.")
    document = Fact(POLICIES, "policyDocument", document, "The policy.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: these policies have none."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account}:resource-policy/{self.name}"


@frozen
class Metric:
    """
    A metric that a filter counts into.

    Args:
        namespace: Its namespace.

        name: Its name.

        value: What an event counts for: a number, or a property of the event such as ``$.size``.

        default: What a minute with events but none that matches counts for; None where nothing is written then.

        dimensions: The properties of an event that its dimensions are taken from.
    """

    namespace: str
    name: str
    value: str = "1"
    default: float | None = None
    dimensions: Mapping[str, str] = field(factory=dict)


def _selectors(value: Any) -> Mapping[str, str]:
    """Parse the dimensions that a filter gives its metric."""
    return {str(name): str(selector) for name, selector in (value or {}).items()}


METRIC_FILTERS = Call("DescribeMetricFilters", result="metricFilters[]")


class MetricFilter(Resource):
    """What counts the events of a log group that match a pattern."""

    service: ClassVar[str] = "logs"
    type: ClassVar[str] = "AWS::Logs::MetricFilter"
    listing: ClassVar[Call] = METRIC_FILTERS
    label: ClassVar[str] = "name"

    name = Fact(METRIC_FILTERS, "filterName", text, "The filter's name, unique in its log group.")
    log_group = Fact(METRIC_FILTERS, "logGroupName", text, "The log group's name.")
    pattern = Fact(METRIC_FILTERS, "filterPattern || ''", text, "Which events; empty for all.")
    metrics = Fact(
        METRIC_FILTERS,
        "metricTransformations",
        many(
            record(
                Metric,
                namespace=("metricNamespace", text),
                name=("metricName", text),
                value=("metricValue || '1'", text),
                default=("defaultValue", optional(float)),
                dimensions=("dimensions", _selectors),
            )
        ),
        "The metrics that it counts them into.",
    )
    transformed = Fact(
        METRIC_FILTERS, "applyOnTransformedLogs", flag, "It looks at what the log group's transformer makes of events."
    )
    selection = Fact(
        METRIC_FILTERS,
        "fieldSelectionCriteria",
        optional_text,
        "A condition on the fields that CloudWatch Logs adds, such as the account; unset without one.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: metric filters have none."""
        group = f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:{self.log_group}"
        return f"{group}:metric-filter:{self.name}"
