import fnmatch

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.sqs import Queue
from awsaudit_checks.cloudwatch.alarm import TOLD, Alarm, above, acts, furthest, topic_of_alarms
from awsaudit_checks.events.delivery import Break
from awsaudit_checks.sqs.alarm import watches
from awsaudit_checks.sqs.dead_letter import SOURCES, is_dead_letter_queue


_ALARM: Final = (
    "aws cloudwatch put-metric-alarm --region {region} --alarm-name {alarm_name} --namespace AWS/SQS "
    "--metric-name ApproximateNumberOfMessagesVisible --dimensions {dimension} --statistic Maximum --period 60 "
    "--evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold --treat-missing-data notBreaching"
)
# Where no alarm shows whom to tell, a new topic waits for somebody to subscribe.
_WITH_TOPIC: Final = (
    "TOPIC=$(aws sns create-topic --region {region} --name {topic_name} --query TopicArn --output text) && "
    f'{_ALARM} --alarm-actions "$TOPIC"'
)


@check(
    "sqs-dlq-alarm",
    title="Dead-letter queues are alarmed",
    severity=Severity.MEDIUM,
    uses=(*SOURCES, MetricAlarm, CompositeAlarm, *TOLD),
    remediation=Remediation(
        text="Alarm on the first visible message, and subscribe whoever shall look at it to the alarm's topic.",
        cli=f"{_ALARM} --alarm-actions {{topic}}",
        terraform='resource "aws_cloudwatch_metric_alarm" "this" {\n  alarm_name          = {alarm_name}\n'
        '  namespace           = "AWS/SQS"\n  metric_name         = "ApproximateNumberOfMessagesVisible"\n'
        "  dimensions          = { QueueName = {queue_name} }\n"
        '  statistic           = "Maximum"\n  period              = 60\n  evaluation_periods  = 1\n'
        '  threshold           = 0\n  comparison_operator = "GreaterThanThreshold"\n'
        "  alarm_actions       = [aws_sns_topic.alarms.arn]\n}",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html",
    ),
)
def dlq_alarm(queue: Queue, account: Inventory, *, monitored_elsewhere: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Nobody looks into a dead-letter queue unasked; without an alarm its messages expire unseen. An alarm with actions
    passes that watches the visible messages or the age of the oldest: on the metric, in metric math, by a Metrics
    Insights query over queues, or below a composite alarm. A topic is an action if it lets alarms publish, its key too, and
    somebody is subscribed and has confirmed it. Alarms of a monitoring account cannot be seen from here: name such queues, with wildcards, in
    *monitored_elsewhere*.
    """
    if any(fnmatch.fnmatchcase(queue.name, pattern) for pattern in monitored_elsewhere):
        raise NotApplicable("its alarm is in a monitoring account, says monitored_elsewhere")
    if not is_dead_letter_queue(queue, account):
        raise NotApplicable("is no dead-letter queue")
    alarms = account.every(MetricAlarm, queue.region)
    watching = [alarm for alarm in alarms if watches(alarm, queue)]
    every: list[Alarm] = [*watching]
    every += above(watching, account.every(CompositeAlarm, queue.region))
    unheard = furthest(every, account)
    if unheard is None and any(acts(alarm) for alarm in every):
        return
    unclear = [alarm.name for alarm in alarms if watches(alarm, queue) is None and acts(alarm)]
    if unclear:
        raise Undecided(f"the alarm {unclear[0]} selects queues in a way that is not understood")
    yield _unheard(queue, *unheard) if unheard else _silent(queue, every, topic_of_alarms(queue.region, account))


def _unheard(queue: Queue, alarm: Alarm, broken: Break) -> Problem:
    watching, *further = broken.path
    return Problem(
        f"its alarm {alarm.name} reaches nobody: {broken.message}",
        expected=broken.expected,
        found=broken.message,
        fill=broken.fill,
        # Where nobody is subscribed there is none: who is to be told is not for a command to say.
        cli=broken.cli,
        path=(Hop(queue.arn, Queue.type), evolve(watching, by="it watches the queue's messages"), *further),
    )


def _path(queue: Queue, alarm: Alarm, broken: str) -> tuple[Hop, ...]:
    return (Hop(queue.arn, Queue.type), Hop(alarm.arn, type(alarm).type, broken, holds=False))


def _silent(queue: Queue, alarms: list[Alarm], topic: str | None) -> Problem:
    fill = {
        "topic_name": "dead-letter-alarms",
        "alarm_name": f"{queue.name}-not-empty",
        "dimension": f"Name=QueueName,Value={queue.name}",
        "queue_name": queue.name,
    }
    if topic:
        fill["topic"] = topic
    cli = None if topic else _WITH_TOPIC
    muted = next((alarm for alarm in alarms if alarm.actions), None)
    if muted:
        return Problem(
            f"the actions of its alarm {muted.name} are switched off",
            fill={**fill, "muted": muted.name},
            path=_path(queue, muted, "its actions are switched off"),
            cli="aws cloudwatch enable-alarm-actions --region {region} --alarm-names {muted}",
        )
    if alarms:
        path = _path(queue, alarms[0], "it has no action")
        return Problem(f"its alarm {alarms[0].name} has no action", fill=fill, cli=cli, path=path)

    nothing = Hop("no alarm", MetricAlarm.type, "nothing watches its messages", holds=False)

    return Problem("no alarm watches its messages", fill=fill, cli=cli, path=(Hop(queue.arn, Queue.type), nothing))
