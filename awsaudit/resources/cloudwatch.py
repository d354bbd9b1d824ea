"""
Amazon CloudWatch.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, integer, many, optional, optional_text, record, text, texts


@frozen
class Watched:
    """
    A time series that an alarm watches.

    Args:
        namespace: The metric's namespace; None for an expression.

        metric: The metric's name; None for an expression.

        dimensions: The metric's dimensions.

        expression: Metric math or a Metrics Insights query; None for a metric.

        account: The account that the metric is in; None for the alarm's own.

        statistic: What is made of a period's values, such as ``Sum``; None for an expression.
    """

    namespace: str | None
    metric: str | None
    dimensions: Mapping[str, str]
    expression: str | None = None
    account: str | None = None
    statistic: str | None = None


def dimensions(value: Any) -> Mapping[str, str]:
    """Parse a metric's dimensions."""
    return {str(dimension["Name"]): str(dimension["Value"]) for dimension in value or ()}


# Without AlarmTypes AWS lists metric alarms only. Both kinds come with one request.
ALARM_TYPES = ("CompositeAlarm", "MetricAlarm")
METRIC_ALARMS = Call("DescribeAlarms", result="MetricAlarms[]", params={"AlarmTypes": ALARM_TYPES})
COMPOSITE_ALARMS = Call("DescribeAlarms", result="CompositeAlarms[]", params={"AlarmTypes": ALARM_TYPES})


class MetricAlarm(Resource):
    """An alarm on a metric or on an expression over metrics."""

    service: ClassVar[str] = "cloudwatch"
    type: ClassVar[str] = "AWS::CloudWatch::Alarm"
    listing: ClassVar[Call] = METRIC_ALARMS

    arn = Fact(METRIC_ALARMS, "AlarmArn", text, "The alarm's ARN.")
    name = Fact(METRIC_ALARMS, "AlarmName", text, "The alarm's name.")
    actions_enabled = Fact(METRIC_ALARMS, "ActionsEnabled", flag, "Its actions are run.")
    actions = Fact(METRIC_ALARMS, "AlarmActions", texts, "What is done when it goes into alarm.")
    metric = Fact(
        METRIC_ALARMS,
        "@",
        record(
            Watched,
            namespace="Namespace",
            metric="MetricName",
            dimensions=("Dimensions", dimensions),
            statistic="Statistic || ExtendedStatistic",
        ),
        "The metric of an alarm on a single metric.",
    )
    metrics = Fact(
        METRIC_ALARMS,
        "Metrics",
        many(
            record(
                Watched,
                namespace="MetricStat.Metric.Namespace",
                metric="MetricStat.Metric.MetricName",
                dimensions=("MetricStat.Metric.Dimensions", dimensions),
                expression="Expression",
                account="AccountId",
                statistic="MetricStat.Stat",
            )
        ),
        "The metrics and expressions of an alarm on an expression; empty for one on a single metric.",
    )
    comparison = Fact(
        METRIC_ALARMS, "ComparisonOperator", optional_text, "``GreaterThanThreshold`` and so on; unset if untold."
    )
    threshold = Fact(
        METRIC_ALARMS, "Threshold", optional(float), "What is compared with; unset for a band of an anomaly detector."
    )
    datapoints = Fact(
        METRIC_ALARMS,
        "DatapointsToAlarm || EvaluationPeriods || `1`",
        integer,
        "How many periods have to breach the threshold.",
    )
    missing_data = Fact(
        METRIC_ALARMS,
        "TreatMissingData",
        optional_text,
        "What a period without data counts as: ``breaching``, ``notBreaching``, ``ignore`` or ``missing``, as if unset.",
    )


class CompositeAlarm(Resource):
    """An alarm on the states of other alarms."""

    service: ClassVar[str] = "cloudwatch"
    type: ClassVar[str] = "AWS::CloudWatch::CompositeAlarm"
    listing: ClassVar[Call] = COMPOSITE_ALARMS

    arn = Fact(COMPOSITE_ALARMS, "AlarmArn", text, "The alarm's ARN.")
    name = Fact(COMPOSITE_ALARMS, "AlarmName", text, "The alarm's name.")
    actions_enabled = Fact(COMPOSITE_ALARMS, "ActionsEnabled", flag, "Its actions are run.")
    actions = Fact(COMPOSITE_ALARMS, "AlarmActions", texts, "What is done when it goes into alarm.")
    rule = Fact(COMPOSITE_ALARMS, "AlarmRule", optional_text, "The expression over other alarms' states.")
    suppressor = Fact(
        COMPOSITE_ALARMS,
        "ActionsSuppressor",
        optional_text,
        "Name or ARN of an alarm that keeps its actions back as long as it is in alarm; unset without one.",
    )


# Metrics are listed that had data within two weeks.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
DISKS = Call("ListMetrics", result="Metrics[]", params={"Namespace": "CWAgent", "MetricName": "disk_used_percent"})


class DiskMetric(Resource):
    """How full a file system is, as the CloudWatch agent of a Linux host tells."""

    service: ClassVar[str] = "cloudwatch"
    type: ClassVar[str] = "AWS::CloudWatch::Metric"
    listing: ClassVar[Call] = DISKS

    dimensions = Fact(DISKS, "Dimensions", dimensions, "The metric's dimensions: host, path, device and so on.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: the metric's dimensions."""
        return "CWAgent:disk_used_percent:" + ",".join(f"{k}={v}" for k, v in sorted(self.dimensions.items()))
