"""Which CloudWatch alarms watch a host, and whether they tell anybody."""

from __future__ import annotations

import re

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, Problem, Undecided
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm, Watched
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.cloudwatch.alarm import Alarm, above, acts
from awsaudit_checks.ec2.host import is_named, scaling_group
from awsaudit_checks.sns.audience import is_topic


ALARMS: Final = (MetricAlarm, CompositeAlarm)
"""What functions here look at, for the ``uses`` of a check."""

ELSEWHERE: Final = "it is watched outside CloudWatch, says monitored_elsewhere"

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
_QUERY: Final = re.compile(r'(?is)^\s*SELECT\s+\w+\s*\(\s*"?(?P<metric>[^")]+?)"?\s*\)\s+FROM\s+(?P<rest>.+)$')


def refuse_elsewhere(instance: Instance, globs: Iterable[str]) -> None:
    """Raise Undecided where one of *globs* matches the instance's id or name: what watches it cannot be seen from here."""
    if is_named(instance, globs):
        raise Undecided(ELSEWHERE)


def watching(
    instance: Instance, namespaces: Collection[str], metrics: Collection[str], account: Inventory
) -> tuple[Alarm, ...]:
    """
    Return the alarms on *metrics* of *instance* or of its Auto Scaling group, and composite alarms above them.

    Raises:
        EvidenceMissing: The alarms of the region could not all be listed, and none that acts was seen.
    """
    index = account.once(
        ("alarms of hosts", instance.region), lambda: _by_host(account.seen(MetricAlarm, instance.region))
    )
    near = dict.fromkeys((*index.get(instance.id, ()), *index.get(scaling_group(instance) or "", ())))
    own = [alarm for alarm in near if _watches(alarm, instance, namespaces, metrics)]
    found: list[Alarm] = [*own, *above(own, account.seen(CompositeAlarm, instance.region))]
    if not any(acts(alarm) for alarm in found):
        account.every(MetricAlarm, instance.region)
        account.every(CompositeAlarm, instance.region)

    return tuple(found)


def refuse_unclear(
    instance: Instance, namespaces: Collection[str], metrics: Collection[str], account: Inventory
) -> None:
    """
    Raise Undecided where an alarm that acts selects metrics by a query, of which it is not clear whether it means *instance*.
    """
    every = account.every(MetricAlarm, instance.region)
    queries = account.once(("alarms by query", instance.region), lambda: tuple(_queries(every)))
    for name, metric, source in queries:
        if metric in metrics and any(namespace in source for namespace in namespaces):
            raise Undecided(f"the alarm {name} selects hosts by a query that is not understood")


def topic_in_use(region: str, account: Inventory) -> str | None:
    """Return a topic that alarms of *region* tell already; None if none was seen."""
    alarms = account.seen(MetricAlarm, region)
    return account.once(
        ("topic of alarms on hosts", region),
        lambda: min((a for alarm in alarms if acts(alarm) for a in alarm.actions if is_topic(a)), default=None),
    )


def silent(
    instance: Instance, alarms: tuple[Alarm, ...], what: str, fill: Mapping[str, str], with_topic: str
) -> Problem:
    """
    Return the problem that no alarm tells of *what* of *instance*.

    Args:
        instance: The host.

        alarms: Those that watch it, none of which acts.

        what: What is watched, in words.

        fill: What fills the commands; with a topic where there is one.

        with_topic: The command where there is none.
    """
    start = Hop(instance.arn, Instance.type)
    muted = next((alarm for alarm in alarms if alarm.actions), None)
    if muted:
        return Problem(
            f"the actions of its alarm {muted.name} are switched off",
            expected="an alarm that acts",
            found=muted.name,
            fill={"muted": muted.name},
            cli="aws cloudwatch enable-alarm-actions --region {region} --alarm-names {muted}",
            path=(start, Hop(muted.arn, type(muted).type, "its actions are switched off", holds=False)),
        )
    idle = next(iter(alarms), None)
    told = f"its alarm {idle.name} has no action" if idle else f"no alarm watches {what}"
    end = (
        Hop(idle.arn, type(idle).type, "it has no action", holds=False)
        if idle
        else Hop("no alarm", MetricAlarm.type, f"nothing watches {what}", holds=False)
    )

    return Problem(
        told,
        expected="an alarm that acts",
        found=idle.name if idle else "none",
        fill=fill,
        cli=None if "topic" in fill else with_topic,
        path=(start, end),
    )


def _by_host(alarms: Iterable[MetricAlarm]) -> Mapping[str, list[MetricAlarm]]:
    """Return the alarms by the instance, or the Auto Scaling group, of their metrics."""
    found: dict[str, list[MetricAlarm]] = {}
    for alarm in alarms:
        for series in (alarm.metric, *alarm.metrics):
            for name in ("InstanceId", "AutoScalingGroupName"):
                if name in series.dimensions:
                    found.setdefault(series.dimensions[name], []).append(alarm)

    return found


def _queries(alarms: Iterable[MetricAlarm]) -> Iterator[tuple[str, str, str]]:
    """Yield the name, metric and source of each alarm that acts on a query over metrics."""
    for alarm in alarms:
        for series in alarm.metrics if acts(alarm) else ():
            query = _QUERY.match(series.expression or "")
            if query:
                yield alarm.name, query["metric"], query["rest"]


def _watches(alarm: MetricAlarm, instance: Instance, namespaces: Collection[str], metrics: Collection[str]) -> bool:
    return any(_is_of(series, instance, namespaces, metrics) for series in (alarm.metric, *alarm.metrics))


def _is_of(series: Watched, instance: Instance, namespaces: Collection[str], metrics: Collection[str]) -> bool:
    if series.account not in {None, instance.account} or series.namespace not in namespaces:
        return False
    if series.metric not in metrics:
        return False
    group = scaling_group(instance)

    return series.dimensions.get("InstanceId") == instance.id or (
        group is not None and series.dimensions.get("AutoScalingGroupName") == group
    )
