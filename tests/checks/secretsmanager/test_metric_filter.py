import json

import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import SELECTORS, STATUS, TRAILS, Trail
from awsaudit.resources.cloudwatch import COMPOSITE_ALARMS, METRIC_ALARMS, CompositeAlarm, MetricAlarm
from awsaudit.resources.events import BUSES, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.logs import METRIC_FILTERS, MetricFilter
from awsaudit.resources.secretsmanager import LIST, SecretStore
from awsaudit.resources.sns import TOPIC as ATTRIBUTES
from awsaudit.resources.sns import TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.metric_filter import metric_filter
from tests.estate import allow, document


STORE = fake(SecretStore, {LIST: [{"ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"}]})
ONCALL = "arn:aws:sns:eu-west-1:111122223333:oncall"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
SERVICE = '$.eventSource = "secretsmanager.amazonaws.com"'
ALL = "{ " + SERVICE + " }"
PATTERN = (
    "{ (" + SERVICE + ") && ((($.eventName = DeleteSecret) || ($.eventName=PutResourcePolicy)) || "
    '($.eventName = "CancelRotateSecret") || ($.eventName = "GetSecretValue" && $.errorCode = "AccessDenied*")) }'
)


def trail(group=GROUP, *, logging=True, selectors=None, region="eu-west-1", account="111122223333", **fields):
    arn = f"arn:aws:cloudtrail:{region}:{account}:trail/main"
    listed = {"TrailARN": arn, "Name": "main", "HomeRegion": region, "HasCustomEventSelectors": bool(selectors)}
    listed |= {"CloudWatchLogsLogGroupArn": group} if group else {}
    return fake(Trail, {TRAILS: {**listed, **fields}, STATUS: {"IsLogging": logging}, SELECTORS: selectors})


def counter(pattern=PATTERN, group="trail", region="eu-west-1", **fields):
    listed = {
        "filterName": "secrets",
        "logGroupName": group,
        "filterPattern": pattern,
        "metricTransformations": [{"metricNamespace": "Trail", "metricName": "Secrets", "metricValue": "1"}],
        **fields,
    }
    return fake(MetricFilter, {METRIC_FILTERS: listed}, region=region)


def alarm(region="eu-west-1", **fields):
    listed = {
        "AlarmName": "secrets",
        "AlarmArn": f"arn:aws:cloudwatch:{region}:111122223333:alarm:secrets",
        "ActionsEnabled": True,
        "AlarmActions": [ONCALL],
        "Namespace": "Trail",
        "MetricName": "Secrets",
        "Dimensions": [],
        "Statistic": "Sum",
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        **fields,
    }
    return fake(MetricAlarm, {METRIC_ALARMS: listed}, region=region)


def topic(**condition):
    policy = document(allow("SNS:Publish", Principal={"AWS": "*"}, Condition={"StringEquals": condition}))
    return fake(Topic, {TOPICS: {"TopicArn": ONCALL}, ATTRIBUTES: {"Policy": json.dumps(policy)}})


TOPIC = topic(**{"AWS:SourceOwner": "111122223333"})


def hearer(parent):
    listed = {
        "SubscriptionArn": f"{ONCALL}:1",
        "TopicArn": ONCALL,
        "Protocol": "email",
        "Endpoint": "oncall@northlight.example",
    }
    return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed}, parent=parent)


HEARD = hearer(TOPIC)


def rule(pattern, state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", target=ONCALL, **fields):
    bus = fake(EventBus, {BUSES: {"Name": "default", "Arn": "arn:aws:events:eu-west-1:111122223333:event-bus/default"}})
    arn = "arn:aws:events:eu-west-1:111122223333:rule/secrets"
    listed = {"Name": "secrets", "Arn": arn, "EventBusName": "default", "State": state}
    made = fake(Rule, {RULES: {**listed, "EventPattern": json.dumps(pattern), **fields}}, parent=bus)
    return (made, *([fake(Target, {TARGETS: {"Id": "1", "Arn": target}}, parent=made)] if target else []))


def judge(*others, heard=(TOPIC, HEARD), **more):
    return run_check(metric_filter, STORE, *others, *heard, **more)


@pytest.mark.parametrize("pattern", [PATTERN, ALL, "", '{$.eventSource="secrets*" && $.userIdentity.type != "Root"}'])
def test_accepts_a_filter_with_an_alarm_that_somebody_hears(pattern):
    """
    The pattern is read and tried, however it is written; one for every call is enough.
    """
    assert [Status.PASS] == statuses(judge(trail(), counter(pattern), alarm()))


def test_calls_may_be_told_by_several_filters():
    """
    Each call needs one way to somebody.
    """
    changes = counter("{ (" + SERVICE + ") && ($.eventName != GetSecretValue) }")
    refused = counter('{ $.errorCode = "AccessDenied" }', filterName="refused")

    assert [Status.PASS] == statuses(judge(trail(), changes, refused, alarm()))


def test_accepts_a_composite_alarm():
    """
    The metric alarm itself may be silent.
    """
    over = {"AlarmName": "all", "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:all"}
    above = fake(
        CompositeAlarm,
        {COMPOSITE_ALARMS: {**over, "AlarmRule": "ALARM(secrets)", "ActionsEnabled": True, "AlarmActions": [ONCALL]}},
    )

    assert [Status.PASS] == statuses(judge(trail(), counter(), alarm(AlarmActions=[]), above))


def test_follows_the_trail_to_its_home():
    """
    A trail of all regions has its log group in one; filter and alarm are there.
    """
    others = [trail(GROUP.replace("eu-west-1", "eu-central-1")), counter(region="eu-central-1"), alarm("eu-central-1")]

    assert [Status.PASS] == statuses(judge(*others))


@pytest.mark.parametrize(
    ("others", "types"),
    [
        ([], ["AWS::CloudTrail::Trail"]),
        ([trail(logging=False), counter(), alarm()], ["AWS::CloudTrail::Trail"]),
        ([trail(None), counter(), alarm()], ["AWS::CloudTrail::Trail"]),
        ([trail()], ["AWS::CloudTrail::Trail", "AWS::Logs::LogGroup"]),
        ([trail(), counter(group="other"), alarm()], ["AWS::CloudTrail::Trail", "AWS::Logs::LogGroup"]),
        (
            [trail(), counter(), alarm(MetricName="Other")],
            ["AWS::CloudTrail::Trail", "AWS::Logs::LogGroup", "AWS::Logs::MetricFilter"],
        ),
        (
            [trail(), counter(), alarm(ActionsEnabled=False)],
            ["AWS::CloudTrail::Trail", "AWS::Logs::LogGroup", "AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm"],
        ),
    ],
)
def test_flags_a_way_that_breaks(others, types):
    """
    No trail that records, no log group, no filter, no alarm, no action: the path says where.
    """
    (finding,) = judge(*others)

    assert Status.FAIL is finding.status
    assert types == [hop.type for hop in finding.path]
    assert [True] * (len(types) - 1) + [False] == [hop.holds for hop in finding.path]


def test_flags_a_topic_that_nobody_hears():
    """
    The whole way is there, and nobody at its end.
    """
    (finding,) = judge(trail(), counter(), alarm(), heard=(TOPIC,))

    assert finding.message.endswith(": it has no subscription")
    assert "AWS::SNS::Topic" == finding.path[-1].type
    assert finding.fix is None


def test_flags_a_topic_that_keeps_alarms_out():
    """
    Somebody is subscribed, and the topic's policy lets no alarm publish.
    """
    closed = topic(**{"aws:SourceAccount": "444455556666"})
    (finding,) = judge(trail(), counter(), alarm(), heard=(closed, hearer(closed)))

    assert Status.FAIL is finding.status
    assert "sns:Publish: " in finding.path[-1].by


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        (
            "{ (" + SERVICE + ") && ($.eventName = DeleteSecret) }",
            "PutResourcePolicy, CancelRotateSecret, refused GetSecretValue",
        ),
        ("{ (" + SERVICE + ") && ($.eventName != DeleteSecret) }", "DeleteSecret"),
        ("{ (" + SERVICE + ") && ($.errorCode NOT EXISTS) }", "refused GetSecretValue"),
        (
            '{ $.eventSource = "secretmanager.amazonaws.com" }',
            "DeleteSecret, PutResourcePolicy, CancelRotateSecret, refused GetSecretValue",
        ),
    ],
)
def test_names_the_calls_that_nobody_is_told_of(pattern, missing):
    """
    The command counts them beside the others and tells the topic that other alarms tell.
    """
    (finding,) = judge(trail(), counter(pattern), alarm())

    assert finding.message.startswith(f"nobody is told of {missing}: ")
    assert finding.fix.startswith(
        "aws logs put-metric-filter --region eu-west-1 --log-group-name trail --filter-name secretsmanager-changes "
    )
    assert finding.fix.endswith(f"--alarm-actions {ONCALL}")


def test_the_command_makes_it_pass():
    """
    What it puts, read back, tells every call.
    """
    import shlex

    (finding,) = judge(trail(), alarm(Namespace="Other"))
    words = shlex.split(finding.fix)
    value = lambda flag: words[words.index(flag) + 1]  # noqa: E731 - a word of the command
    told = [{"metricNamespace": value("--namespace"), "metricName": value("--metric-name"), "metricValue": "1"}]
    put = counter(value("--filter-pattern"), filterName=value("--filter-name"), metricTransformations=told)
    alarmed = alarm(Namespace=value("--namespace"), MetricName=value("--metric-name"))

    assert [Status.PASS] == statuses(judge(trail(), put, alarmed))


CALLS = {"source": ["aws.secretsmanager"], "detail-type": ["AWS API Call via CloudTrail"]}


def test_accepts_a_rule_that_gets_calls_that_only_read():
    """
    In the usual state a rule is given no reads, and so no refused ones; a target that is no topic is somebody.
    """
    admitting = topic(**{"aws:SourceAccount": "111122223333"})
    assert [Status.PASS] == statuses(judge(trail(None), *rule(CALLS), heard=(admitting, hearer(admitting))))
    assert [Status.PASS] == statuses(
        judge(trail(None), *rule(CALLS, target="arn:aws:lambda:eu-west-1:111122223333:function:page"))
    )
    (finding,) = judge(trail(None), *rule(CALLS, "ENABLED"), heard=(admitting, hearer(admitting)))
    assert finding.message.startswith("nobody is told of refused GetSecretValue: ")


@pytest.mark.parametrize(
    "others",
    [
        rule(CALLS),
        [trail(None), *rule(CALLS, "DISABLED")],
        [trail(None), *rule(CALLS, target=None)],
        [trail(None), *rule(CALLS, target=f"{ONCALL}-gone")],
        [trail(None), *rule(CALLS, EventBusName="beacon")],
        [trail(None), *rule({"source": ["aws.secretsmanager"], "detail": {"eventName": ["CreateSecret"]}})],
    ],
)
def test_does_not_accept_other_rules(others):
    """
    Without a trail EventBridge gets no calls; and a rule needs to be enabled, and to have a target that somebody hears.
    """
    assert [Status.FAIL] == statuses(judge(*others))


def test_flags_a_topic_that_keeps_the_rule_out():
    """
    The policy that a topic has from the start lets alarms in, and EventBridge not.
    """
    (finding,) = judge(trail(None), *rule(CALLS))

    assert Status.FAIL is finding.status
    assert "AWS::SNS::Topic" == finding.path[-1].type


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ({"Threshold": 5.0}, {}),
        ({"ComparisonOperator": "GreaterThanThreshold"}, {}),
        ({"ComparisonOperator": "LessThanThreshold"}, {}),
        ({"EvaluationPeriods": 3, "TreatMissingData": "notBreaching"}, {}),
        ({"Dimensions": [{"Name": "call", "Value": "DeleteSecret"}]}, {}),
        ({}, {"metricValue": "0"}),
        ({}, {"dimensions": {"call": "$.eventName"}}),
    ],
)
def test_one_call_has_to_set_the_alarm_off(more, counted):
    """
    A threshold above one call, several periods, a metric that the alarm does not see.
    """
    told = [{"metricNamespace": "Trail", "metricName": "Secrets", "metricValue": "1", **counted}]
    (finding,) = judge(trail(), counter(metricTransformations=told), alarm(**more))

    assert Status.FAIL is finding.status
    assert "one such call does not set it off" == finding.path[-1].by


def test_counts_samples_whatever_they_are_worth():
    """
    A sample is one, also of zero.
    """
    told = [{"metricNamespace": "Trail", "metricName": "Secrets", "metricValue": "0"}]
    counting = alarm(Statistic="SampleCount")

    assert [Status.PASS] == statuses(judge(trail(), counter(metricTransformations=told), counting))


def test_knows_an_alarm_by_its_dimensions():
    """
    A metric with the call as its dimension is seen by an alarm on that call.
    """
    told = [{"metricNamespace": "Trail", "metricName": "Secrets", "metricValue": "1"}]
    split = counter(metricTransformations=[{**told[0], "dimensions": {"call": "$.eventName"}}])
    (finding,) = judge(trail(), split, alarm(Dimensions=[{"Name": "call", "Value": "DeleteSecret"}]))

    assert Status.FAIL is finding.status
    assert "DeleteSecret" not in finding.message


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ({"EvaluationPeriods": 3}, {}),
        ({"Statistic": "Average"}, {"defaultValue": 0.0}),
        ({"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold"}, {}),
        ({"Metrics": [{"Id": "a", "Expression": "SUM(METRICS())"}, {"Id": "b", "MetricStat": {}}]}, {}),
        ({}, {"metricValue": "$.size"}),
    ],
)
def test_does_not_know_what_hangs_on_other_events(more, counted):
    """
    Periods without data, an average over zeros, a band, an expression, a value that is only in the event.
    """
    told = [{"metricNamespace": "Trail", "metricName": "Secrets", "metricValue": "1", **counted}]
    (finding,) = judge(trail(), counter(metricTransformations=told), alarm(**more))

    assert Status.UNKNOWN is finding.status


def advanced(*conditions):
    return {"AdvancedEventSelectors": [{"Name": "a", "FieldSelectors": list(conditions)}]}


MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


@pytest.mark.parametrize(
    ("selectors", "missing"),
    [
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}, None),
        ({"EventSelectors": [{}]}, None),
        (
            {"EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]},
            "refused GetSecretValue",
        ),
        ({"EventSelectors": [{"IncludeManagementEvents": False}]}, "DeleteSecret, "),
        (advanced(MANAGEMENT), None),
        (advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}), "refused GetSecretValue"),
        (advanced(MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}), None),
        (advanced(MANAGEMENT, {"Field": "eventSource", "NotStartsWith": ["secrets"]}), "DeleteSecret, "),
        (advanced({"Field": "eventCategory", "Equals": ["Data"]}), "DeleteSecret, "),
    ],
)
def test_looks_at_what_the_trail_records(selectors, missing):
    """
    A trail of writes only, or of data events only, has no refused reads, or nothing.
    """
    (finding,) = judge(trail(selectors=selectors), counter(), alarm())

    assert (Status.FAIL if missing else Status.PASS) is finding.status
    assert not missing or finding.message.startswith(f"nobody is told of {missing}")


def test_does_not_judge_a_region_without_secrets():
    """
    Nothing there to be deleted.
    """
    empty = fake(SecretStore, {LIST: []})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(metric_filter, empty))


@pytest.mark.parametrize(
    "others",
    [
        [trail(GROUP.replace("111122223333", "444455556666"))],
        [trail(GROUP.replace("eu-west-1", "us-west-2"))],
        [trail(), counter("DeleteSecret"), counter(ALL, applyOnTransformedLogs=True), alarm()],
        [trail(), counter(ALL, fieldSelectionCriteria='@aws.account IN ["111122223333"]'), alarm()],
        [trail(), counter("{ $.eventSource ~ 5 }"), alarm()],
        [trail(None), *rule({"source": [{"regex": "a"}]})],
        [trail(), counter(), alarm(AlarmActions=[ONCALL.replace("111122223333", "444455556666")])],
    ],
)
def test_does_not_know_what_it_cannot_see_or_read(others):
    """
    Another account's log group or topic, a region that is not scanned, patterns that do not settle it.
    """
    (finding,) = judge(*others)

    assert Status.UNKNOWN is finding.status


@pytest.mark.parametrize("kind", [Trail, MetricFilter, MetricAlarm, CompositeAlarm, Topic, Rule, Target])
def test_does_not_know_while_listings_are_refused(kind):
    """
    What could not be listed may be the way; one that could be seen is enough.
    """
    others = {Trail: [], MetricFilter: [trail()], Target: [trail(None), *rule(CALLS)[:1]]}
    given = others.get(kind, [trail(), counter()])
    heard = () if kind is Topic else (TOPIC, HEARD)
    more = [alarm()] if kind is Topic else []

    assert [Status.UNKNOWN] == statuses(judge(*given, *more, heard=heard, unlisted=[kind]))
    assert kind is Topic or [Status.PASS] == statuses(judge(trail(), counter(), alarm(), unlisted=[kind]))
