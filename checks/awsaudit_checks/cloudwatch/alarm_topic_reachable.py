from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.kms import Key
from awsaudit.resources.sns import Topic
from awsaudit_checks.cloudwatch.alarm import HEARD, TOLD, Alarm, silence
from awsaudit_checks.events.delivery import Break
from awsaudit_checks.sns.audience import is_topic, problems_of


_SHOWN = 4


@check(
    "cloudwatch-alarm-topic-reachable",
    title="Alarm topics exist, accept alarms and reach someone",
    severity=Severity.MEDIUM,
    uses=(
        MetricAlarm.arn,
        MetricAlarm.name,
        MetricAlarm.actions,
        MetricAlarm.actions_enabled,
        CompositeAlarm.arn,
        CompositeAlarm.name,
        CompositeAlarm.actions,
        CompositeAlarm.actions_enabled,
        *TOLD,
    ),
    remediation=Remediation(
        text="Let cloudwatch.amazonaws.com publish to the topic and use its key; subscribe whoever shall act on the alarms, "
        "and confirm the subscription.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
    ),
)
def alarm_topic_reachable(thing: Topic | MetricAlarm | CompositeAlarm, account: Inventory) -> Iterator[Problem]:
    """
    An alarm whose topic keeps it out goes red and tells nobody; its history alone says so. A topic that alarms tell passes
    if its policy lets them publish, as the one does that it has from the start, if its key lets them encrypt, which the key
    that AWS manages never does, and if a subscription is confirmed. An alarm is judged itself where its topic does not exist.
    """
    if isinstance(thing, Topic):
        yield from _at_topic(thing, account)
    else:
        yield from _at_alarm(thing, account)


def _at_alarm(alarm: Alarm, account: Inventory) -> Iterator[Problem]:
    topics = tuple(dict.fromkeys(filter(is_topic, alarm.actions if alarm.actions_enabled else ())))
    if not topics:
        raise NotApplicable("it tells no topic")
    missing = problems_of(topics, lambda arn: None if account.by_arn(Topic, arn) else _gone(alarm, arn))
    if not missing:
        raise NotApplicable("its topics exist, and are judged themselves")
    yield from missing


def _gone(alarm: Alarm, arn: str) -> Problem:
    return Problem(
        f"it tells the topic {arn.rpartition(':')[2]}, which does not exist",
        expected="a topic that exists",
        found="none",
        sub_key=arn,
        path=(Hop(alarm.arn, type(alarm).type), Hop(arn, Topic.type, "its action; it does not exist", holds=False)),
    )


def _at_topic(topic: Topic, account: Inventory) -> Iterator[Problem]:
    every: list[Alarm] = [*account.seen(MetricAlarm, topic.region), *account.seen(CompositeAlarm, topic.region)]
    telling = [alarm for alarm in every if alarm.actions_enabled and topic.arn in alarm.actions]
    silent: dict[str, list[tuple[Alarm, Break]]] = {}
    for alarm, broken in problems_of(telling, lambda alarm: _silent(alarm, topic, account)):
        silent.setdefault(_at(broken), []).append((alarm, broken))
    for at, ways in silent.items():
        yield _problem(topic, at, ways)
    if not silent:
        # Another alarm may tell it, and be kept out.
        account.every(MetricAlarm, topic.region)
        account.every(CompositeAlarm, topic.region)
    if not telling:
        raise NotApplicable("no alarm tells it")


def _at(broken: Break) -> str:
    """Return what of the topic is broken."""
    if broken.path[-1].type == Key.type:
        return "key"

    return "subscription" if broken.expected == HEARD else "policy"


def _silent(alarm: Alarm, topic: Topic, account: Inventory) -> tuple[Alarm, Break] | None:
    broken = silence(alarm, topic.arn, account)
    return (alarm, broken) if broken else None


def _problem(topic: Topic, at: str, ways: list[tuple[Alarm, Break]]) -> Problem:
    alarm, broken = ways[0]
    names = [each.name for each, _ in ways]
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    reached = () if broken.path[0].resource == topic.arn else (Hop(topic.arn, Topic.type, "its action"),)

    return Problem(
        f"{listed} {'reaches' if len(names) == 1 else 'reach'} nobody by it: {broken.message}",
        expected=broken.expected,
        found=broken.message,
        sub_key=at,
        fill=broken.fill,
        cli=broken.cli,
        path=(Hop(alarm.arn, type(alarm).type), *reached, *broken.path),
    )
