import json

import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import COMPOSITE_ALARMS, METRIC_ALARMS, CompositeAlarm, MetricAlarm
from awsaudit.resources.sns import TOPIC as ATTRIBUTES
from awsaudit.resources.sns import TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.dlq_alarm import dlq_alarm
from tests.estate import allow, document


DLQ = "arn:aws:sqs:eu-west-1:111122223333:deposits-dlq"
ACTING = {"ActionsEnabled": True, "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:oncall"]}
METRIC = {
    "Namespace": "AWS/SQS",
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Dimensions": [{"Name": "QueueName", "Value": "deposits-dlq"}],
}


def alarm(name="stuck", **fields):
    arn = f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}"
    return fake(MetricAlarm, {METRIC_ALARMS: {"AlarmName": name, "AlarmArn": arn, **fields}})


def composite(rule, name="all", **fields):
    arn = f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}"
    return fake(
        CompositeAlarm, {COMPOSITE_ALARMS: {"AlarmName": name, "AlarmArn": arn, "AlarmRule": rule, **ACTING, **fields}}
    )


def math(account=None):
    stat = {"Id": "m", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"}}
    return {"Metrics": [stat | ({"AccountId": account} if account else {}), {"Id": "e", "Expression": "m * 2"}]}


def query(where, source='SCHEMA("AWS/SQS", QueueName)', metric="ApproximateNumberOfMessagesVisible"):
    expression = f"SELECT MAX({metric}) FROM {source} {where}"  # noqa: S608 - a Metrics Insights query
    return {"Metrics": [{"Id": "q", "Expression": expression.strip()}]}


ONCALL = "arn:aws:sns:eu-west-1:111122223333:oncall"
OWNER = allow("SNS:Publish", Principal={"AWS": "*"}, Condition={"StringEquals": {"AWS:SourceOwner": "111122223333"}})


def topic(*statements, **attributes):
    told = {"Policy": json.dumps(document(*statements)), **attributes}
    return fake(Topic, {TOPICS: {"TopicArn": ONCALL}, ATTRIBUTES: told})


TOPIC = topic(OWNER)


def subscription(arn=f"{ONCALL}:1", parent=TOPIC):
    listed = {"SubscriptionArn": arn, "TopicArn": ONCALL, "Protocol": "email", "Endpoint": "oncall@northlight.example"}
    return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed}, parent=parent)


PUT_ALARM = (
    "aws cloudwatch put-metric-alarm --region eu-west-1 --alarm-name deposits-dlq-not-empty --namespace AWS/SQS "
    "--metric-name ApproximateNumberOfMessagesVisible --dimensions Name=QueueName,Value=deposits-dlq --statistic Maximum "
    "--period 60 --evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold "
    "--treat-missing-data notBreaching"
)
HEARD = (TOPIC, subscription())


@pytest.fixture(name="judge")
def judge_fixture(queue, source):
    """Return a function that judges a dead-letter queue beside given alarms, whose topic somebody hears or not."""

    def judge(*alarms, heard=HEARD, **more):
        return run_check(dlq_alarm, queue("deposits-dlq"), source("deposits", DLQ), *alarms, *heard, **more)

    return judge


@pytest.mark.parametrize(
    "watching",
    [
        METRIC,
        METRIC | {"MetricName": "ApproximateAgeOfOldestMessage"},
        math(),
        math("111122223333"),
        query(""),
        query("GROUP BY QueueName ORDER BY MAX() DESC LIMIT 10"),
        query("WHERE QueueName = 'deposits-dlq'", source='"AWS/SQS"'),
        query("WHERE QueueName != 'rewards' AND QueueName != 'deposits' GROUP BY QueueName"),
    ],
)
def test_accepts_an_alarm_with_an_action(judge, watching):
    """
    On the metric itself, inside metric math, or by a query that selects the queue.
    """
    assert [Status.PASS] == statuses(judge(alarm(**ACTING, **watching)))


@pytest.mark.parametrize(
    "other",
    [
        METRIC | {"MetricName": "NumberOfMessagesSent"},
        METRIC | {"Namespace": "Northlight/SQS"},
        METRIC | {"Dimensions": [{"Name": "QueueName", "Value": "rewards-dlq"}]},
        math("999900001111"),
        query("WHERE QueueName = 'rewards-dlq'"),
        query("WHERE QueueName != 'deposits-dlq'"),
        query("WHERE QueueName = 'rewards-dlq' AND tag.team = 'validators'"),
        query("", metric="NumberOfMessagesSent"),
        query("", source='"AWS/SNS"'),
    ],
)
def test_flags_a_queue_that_no_alarm_watches(judge, other):
    """
    Another metric, namespace, queue or account does not count; the command makes an alarm that tells the topic of others.
    """
    (finding,) = judge(alarm(**ACTING, **other))

    assert Status.FAIL is finding.status
    assert "no alarm watches its messages" == finding.message
    assert f"{PUT_ALARM} --alarm-actions {ONCALL}" == finding.fix


def test_the_command_makes_a_topic_where_no_alarm_tells_one(judge):
    """
    Somebody has to subscribe to it; the text says so.
    """
    (finding,) = judge()

    topic = "aws sns create-topic --region eu-west-1 --name dead-letter-alarms --query TopicArn --output text"
    assert f'TOPIC=$({topic}) && {PUT_ALARM} --alarm-actions "$TOPIC"' == finding.fix


def test_flags_an_alarm_without_action(judge):
    """
    An alarm that tells nobody is none.
    """
    (finding,) = judge(alarm(ActionsEnabled=True, AlarmActions=[], **METRIC))

    assert "its alarm stuck has no action" == finding.message


def test_flags_an_alarm_whose_actions_are_off(judge):
    """
    The actions are there and switched off; the command switches them on.
    """
    (finding,) = judge(alarm(**METRIC, **ACTING | {"ActionsEnabled": False}))

    assert "the actions of its alarm stuck are switched off" == finding.message
    assert "aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names stuck" == finding.fix


@pytest.mark.parametrize(
    "rule",
    [
        "ALARM(stuck)",
        'ALARM("other") OR ALARM("stuck")',
        "NOT OK('stuck')",
        "ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck)",
    ],
)
def test_accepts_a_composite_alarm_over_it(judge, rule):
    """
    The metric alarm itself may be silent where a composite alarm acts on it.
    """
    assert [Status.PASS] == statuses(judge(alarm(ActionsEnabled=True, **METRIC), composite(rule)))


def test_accepts_a_composite_alarm_over_a_composite_alarm(judge):
    """
    Composite alarms may stand on others.
    """
    silent = composite("ALARM(stuck)", "middle", AlarmActions=[])

    assert [Status.PASS] == statuses(judge(alarm(**METRIC), silent, composite("ALARM(middle)")))


def test_flags_a_composite_alarm_over_others(judge):
    """
    A composite alarm that names other alarms does not watch the queue.
    """
    findings = judge(alarm(ActionsEnabled=True, **METRIC), composite("ALARM(stuck-too) OR FALSE"))

    assert [Status.FAIL] == statuses(findings)


def test_does_not_know_a_query_by_tags(judge):
    """
    Which queues a query by tags selects cannot be told.
    """
    (finding,) = judge(alarm(**ACTING, **query("WHERE tag.team = 'validators'")))

    assert Status.UNKNOWN is finding.status
    assert "the alarm stuck selects queues in a way that is not understood" == finding.message


def test_does_not_judge_other_queues(queue):
    """
    Only dead-letter queues should be empty.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(dlq_alarm, queue("deposits")))


def test_leaves_out_what_is_monitored_elsewhere(judge):
    """
    Queues whose alarms are in a monitoring account are named by wildcards.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(monitored_elsewhere=("*-dlq",)))
    assert [Status.FAIL] == statuses(judge(monitored_elsewhere=("rewards-*",)))


@pytest.mark.parametrize("kind", [MetricAlarm, CompositeAlarm])
def test_does_not_know_while_alarms_are_hidden(judge, kind):
    """
    An alarm that could not be listed may watch the queue.
    """
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[kind]))


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        ((), "does not exist"),
        ((TOPIC,), "has no subscription"),
        ((TOPIC, subscription("Deleted")), "has no subscription"),
        (
            (TOPIC, subscription("PendingConfirmation")),
            "has no subscription but one that nobody confirmed",
        ),
    ],
)
def test_flags_a_topic_that_nobody_hears(judge, heard, why):
    """
    The path breaks at the topic; whom to subscribe is for the owner to say.
    """
    (finding,) = judge(alarm(**ACTING, **METRIC), heard=heard)

    assert f"its alarm stuck reaches nobody: the topic oncall {why}" == finding.message
    assert finding.fix is None
    assert ["AWS::SQS::Queue", "AWS::CloudWatch::Alarm", "AWS::SNS::Topic"] == [hop.type for hop in finding.path]
    assert [True, True, False] == [hop.holds for hop in finding.path]


def test_flags_a_topic_that_keeps_alarms_out(judge):
    """
    Somebody is subscribed, and is told nothing; the command lets the alarms in.
    """
    closed = topic(allow("SNS:Publish", Principal={"AWS": "arn:aws:iam::111122223333:root"}))
    (finding,) = judge(alarm(**ACTING, **METRIC), heard=(closed, subscription(parent=closed)))

    assert (
        "its alarm stuck reaches nobody: the topic oncall does not let CloudWatch alarms publish to it"
        == finding.message
    )
    assert finding.fix.startswith(f"aws sns set-topic-attributes --region eu-west-1 --topic-arn {ONCALL} ")


def test_one_alarm_that_reaches_somebody_is_enough(judge):
    """
    Beside another that reaches nobody, or of which it cannot be seen.
    """
    central = {**ACTING, "AlarmActions": [ONCALL.replace("111122223333", "444455556666")]}
    gone = {**ACTING, "AlarmActions": [f"{ONCALL}-gone"]}
    others = [alarm("a", **central, **METRIC), alarm("b", **gone, **METRIC)]

    assert [Status.PASS] == statuses(judge(*others, alarm("c", **ACTING, **METRIC)))
    assert [Status.UNKNOWN] == statuses(judge(*others))


def test_accepts_an_action_that_is_no_topic(judge):
    """
    A function is called without anybody's confirmation.
    """
    acting = {**ACTING, "AlarmActions": [ONCALL, "arn:aws:lambda:eu-west-1:111122223333:function:page"]}

    assert [Status.PASS] == statuses(judge(alarm(**acting, **METRIC), heard=()))


def test_does_not_know_topics_that_it_cannot_see(judge):
    """
    Another account's topic, and topics that could not be listed.
    """
    central = {**ACTING, "AlarmActions": [ONCALL.replace("111122223333", "444455556666")]}

    assert [Status.UNKNOWN] == statuses(judge(alarm(**central, **METRIC)))
    assert [Status.UNKNOWN] == statuses(judge(alarm(**ACTING, **METRIC), heard=(), unlisted=[Topic]))


def test_shows_where_the_path_breaks_before_the_topic(judge):
    """
    At the alarm, or where there is none.
    """
    (silent,) = judge(alarm(ActionsEnabled=True, AlarmActions=[], **METRIC))
    (none,) = judge()

    assert "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck" == silent.path[-1].resource
    assert "no alarm" == none.path[-1].resource
    assert [False, False] == [finding.path[-1].holds for finding in (silent, none)]
