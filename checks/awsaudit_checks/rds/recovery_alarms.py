import fnmatch

from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.rds import DBCluster, DBInstance
from awsaudit_checks.cloudwatch.alarm import TOLD, above, acts, topic_of_alarms
from awsaudit_checks.rds.alarm import Subject, watches
from awsaudit_checks.rds.scope import is_aurora, refuse_outside_scope, source_of


_GIB: Final = 1024**3
_ALARM: Final = (
    "aws cloudwatch put-metric-alarm --region {region} --alarm-name {alarm_name} --namespace AWS/RDS "
    "--metric-name {metric} --dimensions {dimension} --statistic {statistic} --period 60 --evaluation-periods 5 "
    "--threshold {threshold} --comparison-operator {comparison}"
)
# Where no alarm shows whom to tell, a new topic waits for somebody to subscribe.
_NEW_TOPIC: Final = (
    "TOPIC=$(aws sns create-topic --region {region} --name database-alarms --query TopicArn --output text)"
)
_TOPIC: Final = '"$TOPIC"'


@check(
    "rds-recovery-alarms",
    title="Storage, CPU and replica lag are alarmed",
    severity=Severity.MEDIUM,
    uses=(MetricAlarm, CompositeAlarm, *TOLD, DBCluster.arn, DBCluster.name, DBCluster.members),
    remediation=Remediation(
        text="Alarm on each of these metrics, and subscribe whoever shall look at it to the alarm's topic. The thresholds "
        "are to begin with.",
        cli=f"{_ALARM} --alarm-actions {{topic}}",
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html",
    ),
)
def recovery_alarms(
    instance: DBInstance, account: Inventory, *, monitored_elsewhere: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    A full disk stops a database, and a replica that lags is no use when the primary fails; both show hours before. An alarm
    with actions passes, for each metric: on the instance, on its cluster or on several databases by their worst value, by a
    Metrics Insights query, or below a composite alarm. Lag is asked of replicas and readers only. Alarms of a monitoring account
    cannot be seen from here: name such databases, with wildcards, in *monitored_elsewhere*.
    """
    refuse_outside_scope(instance)
    if any(fnmatch.fnmatchcase(instance.name, pattern) for pattern in monitored_elsewhere):
        raise Undecided("it is watched outside CloudWatch, says monitored_elsewhere")
    every = account.every(MetricAlarm, instance.region)
    composites = account.every(CompositeAlarm, instance.region)
    subject = Subject(instance, _role(instance, account))
    unwatched = []
    for wanted in _wanted(instance, account):
        own = [alarm for alarm in every if watches(alarm, subject, wanted.metrics, wanted.extreme)]
        if any(map(acts, own)) or any(map(acts, above(own, composites))):
            continue
        unclear = [a.name for a in every if watches(a, subject, wanted.metrics, wanted.extreme) is None and acts(a)]
        if unclear:
            raise Undecided(f"the alarm {unclear[0]} selects databases in a way that is not understood")
        if own:
            yield _silent(instance, wanted, own, account)
        else:
            unwatched.append(wanted)
    if unwatched:
        yield _unwatched(instance, unwatched, account)


@frozen
class _Wanted:
    """
    A property of a database that has to be alarmed.

    Args:
        word: What people call it.

        metrics: The metrics of which one is enough; the first one is what a new alarm watches.

        extreme: The statistic that shows the worst: ``Maximum`` or ``Minimum``.

        threshold: What the alarm compares with.
    """

    word: str
    metrics: tuple[str, ...]
    extreme: str
    threshold: str


def _wanted(instance: DBInstance, account: Inventory) -> Iterator[_Wanted]:
    aurora = is_aurora(instance)
    if aurora:
        yield _Wanted("local storage", ("FreeLocalStorage",), "Minimum", str(5 * _GIB))
    else:
        yield _Wanted("storage", ("FreeStorageSpace",), "Minimum", str((instance.storage or 50) * _GIB // 10))
    yield _Wanted("CPU", ("CPUUtilization",), "Maximum", "90")
    if not _follows(instance, account):
        return
    if aurora:
        # In milliseconds. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
        yield _Wanted("replica lag", ("AuroraReplicaLag", "AuroraReplicaLagMaximum"), "Maximum", "2000")
    else:
        yield _Wanted("replica lag", ("ReplicaLag",), "Maximum", "60")


def _role(instance: DBInstance, account: Inventory) -> str | None:
    """Return what *instance* is in its cluster, where that was seen."""
    clusters = (each for each in account.seen(DBCluster, instance.region) if each.name == instance.cluster)
    writers = {member.instance: member.writer for cluster in clusters for member in cluster.members}

    return {True: "WRITER", False: "READER", None: None}[writers.get(instance.name)]


def _follows(instance: DBInstance, account: Inventory) -> bool:
    """
    Tell whether *instance* replicates another one: a read replica, or a reader of its cluster.

    Raises:
        EvidenceMissing: The clusters could not be listed.
        Undecided: The cluster does not say which member is the writer.
    """
    if instance.cluster is None:
        return source_of(instance) is not None
    cluster = account.first(DBCluster, lambda each: each.name == instance.cluster, instance.region)
    member = next((m for m in cluster.members if m.instance == instance.name), None) if cluster else None
    if member is None:
        raise Undecided(f"whether it is a reader of {instance.cluster} cannot be seen")

    return not member.writer


def _silent(instance: DBInstance, wanted: _Wanted, alarms: list[MetricAlarm], account: Inventory) -> Problem:
    start = Hop(instance.arn, DBInstance.type)
    muted = next((alarm for alarm in alarms if alarm.actions), None)
    if muted:
        return Problem(
            f"the actions of its alarm {muted.name} on {wanted.word} are switched off",
            expected="an alarm that acts",
            found=muted.name,
            sub_key=wanted.word,
            fill={"muted": muted.name},
            cli="aws cloudwatch enable-alarm-actions --region {region} --alarm-names {muted}",
            path=(start, Hop(muted.arn, MetricAlarm.type, "its actions are switched off", holds=False)),
        )
    idle = alarms[0]

    return Problem(
        f"its alarm {idle.name} on {wanted.word} has no action",
        expected="an alarm that acts",
        found=idle.name,
        sub_key=wanted.word,
        path=(start, Hop(idle.arn, MetricAlarm.type, "it has no action", holds=False)),
        **_repair(instance, [wanted], account),
    )


def _unwatched(instance: DBInstance, wanted: list[_Wanted], account: Inventory) -> Problem:
    words = ", ".join(each.word for each in wanted)

    return Problem(
        f"no alarm watches its {words}",
        expected="alarms that act",
        found="none",
        path=(
            Hop(instance.arn, DBInstance.type),
            Hop("no alarm", MetricAlarm.type, f"nothing watches its {words}", holds=False),
        ),
        **_repair(instance, wanted, account),
    )


def _repair(instance: DBInstance, wanted: list[_Wanted], account: Inventory) -> dict[str, Any]:
    """Return the command that makes an alarm for each of *wanted*, and what fills it in."""
    topic = topic_of_alarms(instance.region, account)
    fill = {"topic": topic} if topic else {}
    commands = [] if topic else [_NEW_TOPIC]
    for number, each in enumerate(wanted, 1):
        commands.append(f"{_ALARM} --alarm-actions {'{topic}' if topic else _TOPIC}")
        for name, value in _alarm(instance, each).items():
            commands[-1] = commands[-1].replace(f"{{{name}}}", f"{{{name}_{number}}}")
            fill[f"{name}_{number}"] = value

    return {"cli": " && ".join(commands), "fill": fill}


def _alarm(instance: DBInstance, wanted: _Wanted) -> dict[str, str]:
    low = wanted.extreme == "Minimum"
    return {
        "alarm_name": f"{instance.name}-{wanted.word.lower().replace(' ', '-')}",
        "metric": wanted.metrics[0],
        "dimension": f"Name=DBInstanceIdentifier,Value={instance.name}",
        "statistic": "Minimum" if low else "Average",
        "threshold": wanted.threshold,
        "comparison": "LessThanThreshold" if low else "GreaterThanThreshold",
    }
