"""Alarms, and the topics that they tell."""

import json

import pytest

from awsaudit.resources.cloudwatch import COMPOSITE_ALARMS, METRIC_ALARMS, CompositeAlarm, MetricAlarm
from awsaudit.resources.sns import TOPIC, TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake
from tests.estate import document


ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm"
ONCALL = "arn:aws:sns:eu-west-1:111122223333:oncall"


@pytest.fixture(name="alarm")
def alarm_factory():
    """Return a maker of metric alarms: name, then fields in AWS's spelling."""

    def make(name="lag", **fields):
        listed = {"AlarmName": name, "AlarmArn": f"{ALARM}:{name}", "ActionsEnabled": True, "AlarmActions": [ONCALL]}
        return fake(MetricAlarm, {METRIC_ALARMS: {**listed, **fields}})

    return make


@pytest.fixture(name="composite")
def composite_factory():
    """Return a maker of composite alarms: rule, name, then fields in AWS's spelling."""

    def make(rule, name="all", **fields):
        listed = {"AlarmName": name, "AlarmArn": f"{ALARM}:{name}", "ActionsEnabled": True, "AlarmActions": [ONCALL]}
        return fake(CompositeAlarm, {COMPOSITE_ALARMS: {**listed, "AlarmRule": rule, **fields}})

    return make


@pytest.fixture(name="topic")
def topic_factory():
    """Return a maker of topics: statements of the policy, then attributes in AWS's spelling."""

    def make(*statements, **attributes):
        told = {"Policy": json.dumps(document(*statements)), **attributes}
        return fake(Topic, {TOPICS: {"TopicArn": ONCALL}, TOPIC: told})

    return make


@pytest.fixture(name="subscription")
def subscription_factory():
    """Return a maker of subscriptions to a topic."""

    def make(topic, arn=f"{ONCALL}:1"):
        listed = {
            "SubscriptionArn": arn,
            "TopicArn": ONCALL,
            "Protocol": "email",
            "Endpoint": "oncall@northlight.example",
        }
        return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed}, parent=topic)

    return make
