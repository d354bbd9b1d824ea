from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.cloudwatch.alarm import acts
from awsaudit_checks.ec2.alarm import ALARMS, refuse_elsewhere, refuse_unclear, silent, topic_in_use, watching
from awsaudit_checks.ec2.host import running_node


_METRICS: Final = frozenset(
    {"StatusCheckFailed", "StatusCheckFailed_System", "StatusCheckFailed_Instance", "StatusCheckFailed_AttachedEBS"}
)
_NAMESPACES: Final = frozenset({"AWS/EC2"})
_ALARM: Final = (
    "aws cloudwatch put-metric-alarm --region {region} --alarm-name {alarm_name} --namespace AWS/EC2 "
    "--metric-name StatusCheckFailed --dimensions {dimension} --statistic Maximum --period 60 --evaluation-periods 2 "
    "--threshold 1 --comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data breaching"
)
# Where no alarm shows whom to tell, a new topic waits for somebody to subscribe.
_WITH_TOPIC: Final = (
    "TOPIC=$(aws sns create-topic --region {region} --name node-alarms --query TopicArn --output text) && "
    f'{_ALARM} --alarm-actions "$TOPIC"'
)


@check(
    "ec2-node-alarms",
    title="Node instances have status-check alarms",
    severity=Severity.MEDIUM,
    uses=ALARMS,
    remediation=Remediation(
        text="Alarm on failed status checks, and subscribe whoever shall look at it to the alarm's topic.",
        cli=f"{_ALARM} --alarm-actions {{topic}}",
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html",
    ),
)
def node_alarms(
    instance: Instance, account: Inventory, *, monitored_elsewhere: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    A node that hangs misses duties and serves an old chain until somebody looks. An alarm with actions passes that watches
    a status check of the host or of its Auto Scaling group: on the metric, in metric math, or below a composite alarm. Hosts
    that Prometheus or another account watches cannot be judged from here: name them in ``monitored_elsewhere``.
    """
    running_node(instance)
    refuse_elsewhere(instance, monitored_elsewhere)
    alarms = watching(instance, _NAMESPACES, _METRICS, account)
    if any(acts(alarm) for alarm in alarms):
        return
    refuse_unclear(instance, _NAMESPACES, _METRICS, account)
    yield silent(instance, alarms, "its status checks", _fill(instance, account), _WITH_TOPIC)


def _fill(instance: Instance, account: Inventory) -> Mapping[str, str]:
    topic = topic_in_use(instance.region, account)
    return {
        "alarm_name": f"{instance.id}-status-check",
        "dimension": f"Name=InstanceId,Value={instance.id}",
        **({"topic": topic} if topic else {}),
    }
