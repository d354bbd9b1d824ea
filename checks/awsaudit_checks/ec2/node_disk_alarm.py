import json

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudwatch import DiskMetric
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.cloudwatch.alarm import acts
from awsaudit_checks.ec2.alarm import ALARMS, refuse_elsewhere, refuse_unclear, silent, topic_in_use, watching
from awsaudit_checks.ec2.host import running_node


_METRICS: Final = frozenset({"disk_used_percent", "disk_free", "disk_used", "LogicalDisk % Free Space"})
_ALARM: Final = (
    "aws cloudwatch put-metric-alarm --region {region} --alarm-name {alarm_name} --namespace CWAgent "
    "--metric-name disk_used_percent --dimensions {dimensions} --statistic Maximum --period 300 --evaluation-periods 1 "
    "--threshold 80 --comparison-operator GreaterThanThreshold --treat-missing-data breaching"
)
_WITH_TOPIC: Final = (
    "TOPIC=$(aws sns create-topic --region {region} --name node-alarms --query TopicArn --output text) && "
    f'{_ALARM} --alarm-actions "$TOPIC"'
)


@check(
    "ec2-node-disk-alarm",
    title="Node data volumes have a disk-space alarm",
    severity=Severity.MEDIUM,
    uses=(*ALARMS, DiskMetric),
    remediation=Remediation(
        text="Alarm on the file system of the chain's data, early enough to make the volume larger.",
        cli=f"{_ALARM} --alarm-actions {{topic}}",
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-collected-by-CloudWatch-agent.html",
    ),
)
def node_disk_alarm(
    instance: Instance,
    account: Inventory,
    *,
    monitored_elsewhere: tuple[str, ...] = (),
    namespaces: tuple[str, ...] = ("CWAgent",),
) -> Iterator[Problem]:
    """
    Chains grow every day, and a client whose disk is full stops and may leave its database broken. An alarm with actions
    passes that watches how full a file system of the host is, in the namespace of the CloudWatch agent or those of
    ``namespaces``. Where the agent tells nothing of the host, something else may watch it: that is unknown, as are hosts
    named in ``monitored_elsewhere``.
    """
    running_node(instance)
    refuse_elsewhere(instance, monitored_elsewhere)
    alarms = watching(instance, namespaces, _METRICS, account)
    if any(acts(alarm) for alarm in alarms):
        return
    refuse_unclear(instance, namespaces, _METRICS, account)
    told = account.once(
        ("disks of hosts", instance.region), lambda: _by_host(account.seen(DiskMetric, instance.region))
    )
    disks = told.get(instance.id, [])
    if not disks:
        account.every(DiskMetric, instance.region)
        raise Undecided("no alarm watches its disks, and the CloudWatch agent tells nothing of them in CWAgent")
    yield silent(instance, alarms, "its disks", _fill(instance, disks, account), _WITH_TOPIC)


def _by_host(metrics: Iterable[DiskMetric]) -> Mapping[str, list[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for metric in metrics:
        found.setdefault(metric.dimensions.get("InstanceId", ""), []).append(metric.dimensions)

    return found


def _fill(instance: Instance, disks: list[Mapping[str, str]], account: Inventory) -> Mapping[str, str]:
    """Return what fills the command; the data is rather on another file system than on the root's."""
    chosen = min(disks, key=lambda each: (each.get("path") == "/", each.get("path", "")))
    dimensions = [{"Name": name, "Value": value} for name, value in sorted(chosen.items())]
    topic = topic_in_use(instance.region, account)

    return {
        "alarm_name": f"{instance.id}-disk",
        "dimensions": json.dumps(dimensions, separators=(",", ":")),
        **({"topic": topic} if topic else {}),
    }
