"""Which CloudWatch alarms watch a database."""

from __future__ import annotations

import re

from collections.abc import Collection
from typing import Final

from attrs import frozen

from awsaudit.resources.cloudwatch import MetricAlarm, Watched
from awsaudit.resources.rds import DBInstance


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
_QUERY: Final = re.compile(
    r"""(?isx)
    ^\s* SELECT \s+ (?P<function> \w+ ) \s* \( \s* "?(?P<metric>\w+)"? \s* \)
    \s+ FROM \s+ (?: SCHEMA \s* \( \s* "AWS/RDS" \s* (?: , [^)]* )? \) | "AWS/RDS" )
    (?: \s+ WHERE \s+ (?P<where> .+? ) )?
    (?: \s+ (?: GROUP \s+ BY | ORDER \s+ BY | LIMIT ) \b .* )? \s* $
    """
)
_CONDITION: Final = re.compile(
    r"""(?ix) \s* "?(?P<key> DBInstanceIdentifier | DBClusterIdentifier )"? \s* (?P<operator> != | = ) \s* '(?P<name> [^']* )' \s* """
)


@frozen
class Subject:
    """
    An instance whose metrics are watched.

    Args:
        instance: The instance.

        role: ``WRITER`` or ``READER`` in its cluster; None where that is not known, or it is in none.
    """

    instance: DBInstance
    role: str | None = None


def watches(alarm: MetricAlarm, subject: Subject, metrics: Collection[str], extreme: str) -> bool | None:
    """
    Tell whether *alarm* watches one of *metrics* of *subject*; None where that is not clear.

    Args:
        alarm: The alarm.

        subject: The database.

        metrics: Names of metrics in AWS/RDS.

        extreme: ``Maximum`` or ``Minimum``: the statistic by which a metric over several databases still shows one of them.
    """
    answers = {_is_of(series, subject, metrics, extreme) for series in (alarm.metric, *alarm.metrics)}
    if True in answers:
        return True

    return None if None in answers else False


def _is_of(series: Watched, subject: Subject, metrics: Collection[str], extreme: str) -> bool | None:
    instance = subject.instance
    if series.account not in {None, instance.account}:
        return False
    if series.expression:
        return _selects(series.expression, instance, metrics, extreme)

    return series.namespace == "AWS/RDS" and series.metric in metrics and _names(series, subject, extreme)


def _names(series: Watched, subject: Subject, extreme: str) -> bool | None:
    """Tell whether the dimensions of *series* mean *subject*."""
    instance, dimensions = subject.instance, series.dimensions
    if "DBInstanceIdentifier" in dimensions:
        return dimensions["DBInstanceIdentifier"] == instance.name
    # What is told of several databases is their average, unless another statistic is asked for.
    if series.statistic != extreme:
        return False
    if dimensions.get("DBClusterIdentifier", instance.cluster) != instance.cluster:
        return False
    if "Role" in dimensions:
        return None if subject.role is None else dimensions["Role"] == subject.role
    near = {"EngineName": instance.engine, "DatabaseClass": instance.instance_class}

    return all(near.get(key, value) == value for key, value in dimensions.items())


def _selects(expression: str, instance: DBInstance, metrics: Collection[str], extreme: str) -> bool | None:
    """Tell whether a Metrics Insights query selects *instance*; None for conditions on something else."""
    query = _QUERY.fullmatch(expression)
    if query is None or query["metric"] not in metrics:
        return False
    unclear = query["function"].upper() != {"Maximum": "MAX", "Minimum": "MIN"}[extreme]
    for part in re.split(r"(?i)\s+AND\s+", query["where"] or ""):
        condition = _CONDITION.fullmatch(part)
        if condition is None:
            unclear = unclear or bool(part)
            continue
        own = instance.name if condition["key"].lower() == "dbinstanceidentifier" else instance.cluster
        if (condition["name"] == own) != (condition["operator"] == "="):
            return False

    return None if unclear else True
