"""Trails and what hangs on them, for tests of whether somebody is told of a call."""

from __future__ import annotations

import json

from awsaudit import Status
from awsaudit.resources.cloudtrail import SELECTORS, STATUS, TRAILS, Trail
from awsaudit.resources.cloudwatch import METRIC_ALARMS, MetricAlarm
from awsaudit.resources.events import BUSES, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.iam import Account
from awsaudit.resources.logs import METRIC_FILTERS, MetricFilter
from awsaudit.resources.sns import TOPIC as ATTRIBUTES
from awsaudit.resources.sns import TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check
from tests.estate import allow, document


HOME = "eu-west-1"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
ALL = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
WHOLE = fake(Account)


def trail(group=GROUP, *, logging=True, selectors=None, region=HOME, account="111122223333", at=HOME, **fields):
    """A trail of all regions that is at home in *at*, as *region* knows it."""
    listed = {
        "TrailARN": f"arn:aws:cloudtrail:{at}:{account}:trail/main",
        "Name": "main",
        "HomeRegion": at,
        "IsMultiRegionTrail": True,
        "HasCustomEventSelectors": bool(selectors),
    }
    listed |= {"CloudWatchLogsLogGroupArn": group} if group else {}
    results = {TRAILS: {**listed, **fields}, STATUS: {"IsLogging": logging}, SELECTORS: selectors}
    return fake(Trail, results, region=region)


def counter(pattern, group="trail", **fields):
    """A metric filter."""
    told = [{"metricNamespace": "Trail", "metricName": "Calls", "metricValue": "1"}]
    listed = {"filterName": "calls", "logGroupName": group, "filterPattern": pattern, "metricTransformations": told}
    return fake(MetricFilter, {METRIC_FILTERS: {**listed, **fields}})


def topic(region=HOME):
    """A topic for alarms and rules of the account, and somebody who hears it."""
    arn = f"arn:aws:sns:{region}:111122223333:oncall"
    statement = allow("SNS:Publish", Principal={"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]})
    made = fake(
        Topic, {TOPICS: {"TopicArn": arn}, ATTRIBUTES: {"Policy": json.dumps(document(statement))}}, region=region
    )
    listed = {
        "SubscriptionArn": f"{arn}:1",
        "TopicArn": arn,
        "Protocol": "email",
        "Endpoint": "oncall@northlight.example",
    }
    return made, fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed}, parent=made, region=region)


def alarm(**fields):
    """An alarm that one call sets off."""
    listed = {
        "AlarmName": "calls",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:calls",
        "ActionsEnabled": True,
        "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:oncall"],
        "Namespace": "Trail",
        "MetricName": "Calls",
        "Statistic": "Sum",
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        **fields,
    }
    return fake(MetricAlarm, {METRIC_ALARMS: listed})


def rule(pattern, state=ALL, region=HOME):
    """A rule on the default bus that calls a function."""
    arn = f"arn:aws:events:{region}:111122223333"
    bus = fake(EventBus, {BUSES: {"Name": "default", "Arn": f"{arn}:event-bus/default"}}, region=region)
    listed = {"Name": "calls", "Arn": f"{arn}:rule/calls", "EventBusName": "default", "State": state}
    made = fake(Rule, {RULES: {**listed, "EventPattern": json.dumps(pattern)}}, parent=bus, region=region)
    page = f"arn:aws:lambda:{region}:111122223333:function:page"
    return made, fake(Target, {TARGETS: {"Id": "1", "Arn": page}}, parent=made, region=region)


def counted(check, *patterns, others=(), **more):
    """Return the finding of *check* where metric filters with *patterns* are alarmed."""
    filters = [counter(pattern, filterName=f"calls-{n}") for n, pattern in enumerate(patterns)]
    (finding,) = run_check(check, WHOLE, trail(), *filters, alarm(), *topic(), *others, **more)
    return finding


def ruled(check, pattern, state=ALL, regions=(HOME, "us-east-1"), others=()):
    """Return the finding of *check* where rules in *regions* take what matches *pattern*."""
    made = [thing for region in regions for thing in rule(pattern, state, region)]
    there = [trail(None), trail(None, region="us-east-1")]
    (finding,) = run_check(check, WHOLE, *there, *made, *topic(), *others, regions=["us-east-1"])
    return finding


def named(source, *calls, quoted=False):
    """Return the pattern that CIS gives for *calls*, in the one way of writing it or the other."""
    names = " || ".join(f'($.eventName = "{call}")' if quoted else f"($.eventName={call})" for call in calls)
    return f"{{($.eventSource = {source}.amazonaws.com) && ({names})}}"


def assert_watches(check, source, calls, *, others=(), **more):
    """Assert that *check* wants every one of *calls*, and takes filters and rules for them, however they are written."""
    calls = calls.split()
    bare = "{" + " || ".join(f"($.eventName = {call})" for call in reversed(calls)) + "}"
    call = {"source": [f"aws.{source}"], "detail-type": ["AWS API Call via CloudTrail"]}
    for patterns in ([named(source, *calls)], [named(source, *calls, quoted=True)], [bare], [""]):
        assert Status.PASS is counted(check, *patterns, others=others, **more).status
    halves = [named(source, *calls[::2]), named(source, *calls[1::2])]
    assert Status.PASS is counted(check, *halves, others=others, **more).status
    assert Status.PASS is ruled(check, {**call, "detail": {"eventName": calls}}, "ENABLED", others=others).status
    for name in calls:
        rest = [each for each in calls if each != name]
        finding = counted(check, named(source, *rest), others=others, **more)
        assert Status.FAIL is finding.status
        assert f"nobody is told of {name}: no metric filter counts the call" == finding.message
        assert Status.FAIL is ruled(check, {**call, "detail": {"eventName": rest}}, others=others).status
    assert Status.FAIL is counted(check, named("example", *calls), others=others, **more).status
    (finding,) = run_check(check, WHOLE, *topic(), *others, regions=["us-east-1"])
    assert Status.FAIL is finding.status
    assert "no trail records the call" == finding.path[-1].by
