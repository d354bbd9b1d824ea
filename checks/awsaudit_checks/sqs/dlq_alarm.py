import fnmatch

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue
from awsaudit_checks.sns.audience import AUDIENCE, deafness, is_topic, topic_of_alarms
from awsaudit_checks.sqs.alarm import above, watches
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
    uses=(*SOURCES, MetricAlarm, CompositeAlarm, *AUDIENCE),
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
    Insights query over queues, or below a composite alarm. A topic is an action if somebody is subscribed and has
    confirmed it. Alarms of a monitoring account cannot be seen from here: name such queues, with wildcards, in
    *monitored_elsewhere*.
    """
    if any(fnmatch.fnmatchcase(queue.name, pattern) for pattern in monitored_elsewhere):
        raise NotApplicable("its alarm is in a monitoring account, says monitored_elsewhere")
    if not is_dead_letter_queue(queue, account):
        raise NotApplicable("is no dead-letter queue")
    alarms = account.every(MetricAlarm, queue.region)
    watching = [alarm for alarm in alarms if watches(alarm, queue)]
    every: list[MetricAlarm | CompositeAlarm] = [*watching]
    every += above(watching, account.every(CompositeAlarm, queue.region))
    acting = [(alarm, action) for alarm in every if _acts(alarm) for action in alarm.actions]
    if account.first_of(acting, lambda act: not _is_unheard(act[1], account)):
        return
    unclear = [alarm.name for alarm in alarms if watches(alarm, queue) is None and _acts(alarm)]
    if unclear:
        raise Undecided(f"the alarm {unclear[0]} selects queues in a way that is not understood")
    yield (
        _unheard(queue, *acting[0], account)
        if acting
        else _silent(queue, every, topic_of_alarms(queue.region, account))
    )


def _acts(alarm: MetricAlarm | CompositeAlarm) -> bool:
    return alarm.actions_enabled and bool(alarm.actions)


def _is_unheard(action: str, account: Inventory) -> bool:
    return is_topic(action) and deafness(action, account) is not None


def _unheard(queue: Queue, alarm: MetricAlarm | CompositeAlarm, topic_arn: str, account: Inventory) -> Problem:
    # Who is to be told is not for a command to say.
    why = deafness(topic_arn, account)
    return Problem(
        f"its alarm {alarm.name} tells the topic {topic_arn.rpartition(':')[2]}, which {why}",
        expected="a confirmed subscription",
        found=why,
        path=(
            Hop(queue.arn, Queue.type),
            Hop(alarm.arn, type(alarm).type, "it watches the queue's messages"),
            Hop(topic_arn, Topic.type, f"its action; it {why}", holds=False),
        ),
    )


def _path(queue: Queue, alarm: MetricAlarm | CompositeAlarm, broken: str) -> tuple[Hop, ...]:
    return (Hop(queue.arn, Queue.type), Hop(alarm.arn, type(alarm).type, broken, holds=False))


def _silent(queue: Queue, alarms: list[MetricAlarm | CompositeAlarm], topic: str | None) -> Problem:
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
