"""Whether one event that a metric filter counts sets off an alarm."""

from __future__ import annotations

import json
import operator

from collections.abc import Callable, Mapping
from typing import Any, Final

from awsaudit import Undecided
from awsaudit.errors import PatternError
from awsaudit.filter_pattern import FilterPattern, parse_filter
from awsaudit.resources.cloudwatch import MetricAlarm, Watched
from awsaudit.resources.logs import Metric, MetricFilter


COUNTED: Final = (
    MetricFilter.name, MetricFilter.log_group, MetricFilter.pattern, MetricFilter.metrics, MetricFilter.transformed,
    MetricFilter.selection, MetricAlarm.name, MetricAlarm.metric, MetricAlarm.metrics, MetricAlarm.comparison,
    MetricAlarm.threshold, MetricAlarm.datapoints, MetricAlarm.missing_data,
)  # fmt: skip
"""What the functions here look at; for a check's uses=."""

Record = Mapping[str, Any]

_RISES: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
}
_FALLS: Final = frozenset({"LessThanThreshold", "LessThanOrEqualToThreshold"})
# What more events of the period cannot make less.
_GROWS: Final = frozenset({"Sum", "Maximum"})


def counts(counter: MetricFilter, record: Record) -> bool:
    """
    Tell whether *counter* counts *record*.

    Raises:
        Undecided: Its pattern does not settle it.
    """
    try:
        answer = _parsed(counter.pattern).matches(record)
    except PatternError as wrong:
        raise Undecided(f"the pattern of the metric filter {counter.name} is not understood: {wrong}") from wrong
    if answer is None or (answer and (counter.transformed or counter.selection)):
        raise Undecided(f"whether the metric filter {counter.name} counts the call cannot be told")

    return answer


def _parsed(pattern: str) -> FilterPattern:
    if pattern not in _PATTERNS:
        _PATTERNS[pattern] = parse_filter(pattern)

    return _PATTERNS[pattern]


# Fifteen checks try the same patterns, each on many events.
_PATTERNS: Final[dict[str, FilterPattern]] = {}


def watches(alarm: MetricAlarm, counter: MetricFilter) -> bool:
    """Tell whether *alarm* looks at a metric that *counter* counts into."""
    watched = {(series.namespace, series.metric) for series in (alarm.metric, *alarm.metrics)}
    return any((metric.namespace, metric.name) in watched for metric in counter.metrics)


def is_set_off(alarm: MetricAlarm, counter: MetricFilter, record: Record) -> bool:
    """
    Tell whether one event such as *record*, which *counter* counts, sets off *alarm*.

    Raises:
        Undecided: It hangs on what is not known beforehand, such as an expression over metrics.
    """
    series = alarm.metrics or (alarm.metric,)
    if len(series) > 1 or series[0].expression:
        raise Undecided(
            f"whether one such call sets off the alarm {alarm.name}, which watches an expression, is not known"
        )
    watched = series[0]
    pairs = [
        metric for metric in counter.metrics if (metric.namespace, metric.name) == (watched.namespace, watched.metric)
    ]

    return any(_has(metric, watched, record) and _breaches(alarm, metric, watched.statistic) for metric in pairs)


def _has(metric: Metric, watched: Watched, record: Record) -> bool:
    """Tell whether the metric has the dimensions that are watched: CloudWatch does not add up over them."""
    if metric.dimensions.keys() != watched.dimensions.keys():
        return False

    return all(
        _parsed(f"{{ {selector} = {json.dumps(watched.dimensions[name])} }}").matches(record)
        for name, selector in metric.dimensions.items()
    )


def _breaches(alarm: MetricAlarm, metric: Metric, statistic: str | None) -> bool:
    if alarm.comparison in _FALLS:
        return False
    rises = _RISES.get(alarm.comparison or "")
    if rises is None or alarm.threshold is None:
        raise Undecided(
            f"whether one such call sets off the alarm {alarm.name} is not known: it has no fixed threshold"
        )
    if not rises(_made(alarm, metric, statistic), alarm.threshold):
        return False
    if alarm.datapoints > 1:
        if alarm.missing_data == "notBreaching" or metric.default is not None:
            return False
        raise Undecided(f"the alarm {alarm.name} looks at {alarm.datapoints} periods, most of which have no data")

    return True


def _made(alarm: MetricAlarm, metric: Metric, statistic: str | None) -> float:
    """Return what one event makes of a period."""
    if statistic == "SampleCount":
        return 1.0
    try:
        value = float(metric.value)
    except ValueError:
        raise Undecided(f"what an event counts for in the metric {metric.name} is only in the event") from None
    if statistic not in _GROWS and metric.default is not None:
        raise Undecided(
            f"the alarm {alarm.name} looks at the {statistic} of a metric that is mostly {metric.default:g}"
        )

    return value
