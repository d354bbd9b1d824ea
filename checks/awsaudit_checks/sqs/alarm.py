"""Which CloudWatch alarms watch a queue."""

from __future__ import annotations

import re

from typing import Final

from awsaudit.resources.cloudwatch import MetricAlarm, Watched
from awsaudit.resources.sqs import Queue


# A move to a dead-letter queue does not count as a message sent, so NumberOfMessagesSent stays 0.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
_METRICS: Final = frozenset({"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"})

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
_QUERY: Final = re.compile(
    r"""(?isx)
    ^\s* SELECT \s+ \w+ \s* \( \s* "?(?P<metric>\w+)"? \s* \)
    \s+ FROM \s+ (?: SCHEMA \s* \( \s* "AWS/SQS" [^)]* \) | "AWS/SQS" )
    (?: \s+ WHERE \s+ (?P<where> .+? ) )?
    (?: \s+ (?: GROUP \s+ BY | ORDER \s+ BY | LIMIT ) \b .* )? \s* $
    """
)
_CONDITION: Final = re.compile(r"""(?ix) \s* "?QueueName"? \s* (?P<operator> != | = ) \s* '(?P<name> [^']* )' \s* """)


def watches(alarm: MetricAlarm, queue: Queue) -> bool | None:
    """Tell whether *alarm* watches how many messages are in *queue*, or for how long; None where that is not clear."""
    answers = {_is_of(series, queue) for series in (alarm.metric, *alarm.metrics)}
    if True in answers:
        return True

    return None if None in answers else False


def _is_of(series: Watched, queue: Queue) -> bool | None:
    if series.account not in {None, queue.account}:
        return False
    if series.expression:
        return _selects(series.expression, queue.name)

    return (
        series.namespace == "AWS/SQS" and series.metric in _METRICS and series.dimensions.get("QueueName") == queue.name
    )


def _selects(expression: str, name: str) -> bool | None:
    """Tell whether a Metrics Insights query selects the queue called *name*; None for conditions on something else."""
    query = _QUERY.fullmatch(expression)
    if query is None or query["metric"] not in _METRICS:
        return False
    unclear = False
    for part in re.split(r"(?i)\s+AND\s+", query["where"] or ""):
        condition = _CONDITION.fullmatch(part)
        if condition is None:
            unclear = unclear or bool(part)
        elif (condition["name"] == name) != (condition["operator"] == "="):
            return False

    return None if unclear else True
