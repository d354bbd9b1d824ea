import fnmatch

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.sqs import Queue
from awsaudit_checks.sqs.alarm import above, watches
from awsaudit_checks.sqs.dead_letter import SOURCES, is_dead_letter_queue


@check(
    "sqs-dlq-alarm",
    title="Dead-letter queues are alarmed",
    severity=Severity.MEDIUM,
    uses=(*SOURCES, MetricAlarm, CompositeAlarm),
    remediation=Remediation(
        text="Alarm on the first visible message, and subscribe whoever shall look at it to the alarm's topic.",
        cli="TOPIC=$(aws sns create-topic --region {region} --name {topic_name} --query TopicArn --output text) && "
        "aws cloudwatch put-metric-alarm --region {region} --alarm-name {alarm_name} --namespace AWS/SQS "
        "--metric-name ApproximateNumberOfMessagesVisible --dimensions {dimension} --statistic Maximum --period 60 "
        "--evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold "
        '--treat-missing-data notBreaching --alarm-actions "$TOPIC"',
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
    Insights query over queues, or below a composite alarm. Alarms of a monitoring account cannot be seen from here:
    name such queues, with wildcards, in *monitored_elsewhere*.
    """
    if any(fnmatch.fnmatchcase(queue.name, pattern) for pattern in monitored_elsewhere):
        raise NotApplicable("its alarm is in a monitoring account, says monitored_elsewhere")
    if not is_dead_letter_queue(queue, account):
        raise NotApplicable("is no dead-letter queue")
    alarms = account.every(MetricAlarm, queue.region)
    watching = [alarm for alarm in alarms if watches(alarm, queue)]
    every: list[MetricAlarm | CompositeAlarm] = [*watching]
    every += above(watching, account.every(CompositeAlarm, queue.region))
    if any(_acts(alarm) for alarm in every):
        return
    unclear = [alarm.name for alarm in alarms if watches(alarm, queue) is None and _acts(alarm)]
    if unclear:
        raise Undecided(f"the alarm {unclear[0]} selects queues in a way that is not understood")
    yield _silent(queue, every)


def _acts(alarm: MetricAlarm | CompositeAlarm) -> bool:
    return alarm.actions_enabled and bool(alarm.actions)


def _silent(queue: Queue, alarms: list[MetricAlarm | CompositeAlarm]) -> Problem:
    fill = {
        "topic_name": "dead-letter-alarms",
        "alarm_name": f"{queue.name}-not-empty",
        "dimension": f"Name=QueueName,Value={queue.name}",
        "queue_name": queue.name,
    }
    muted = next((alarm.name for alarm in alarms if alarm.actions), None)
    if muted:
        return Problem(
            f"the actions of its alarm {muted} are switched off",
            fill={**fill, "muted": muted},
            cli="aws cloudwatch enable-alarm-actions --region {region} --alarm-names {muted}",
        )
    if alarms:
        return Problem(f"its alarm {alarms[0].name} has no action", fill=fill)

    return Problem("no alarm watches its messages", fill=fill)
