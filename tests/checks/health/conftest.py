"""Rules for events of AWS Health, their targets, and the topics, keys and roles behind these."""

import json

import pytest

from awsaudit.resources.events import BUSES, LOG_GROUP_POLICY, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.health import Account
from awsaudit.resources.iam import Role
from awsaudit.resources.notifications import (
    CHANNELS,
    CONFIGURATIONS,
    EVENT_RULES,
    Channel,
    EventRule,
    NotificationConfiguration,
)
from awsaudit.resources.sns import SUBSCRIPTION, TOPIC, TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake


ARN = "arn:aws:events:eu-west-1:111122223333"
TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:health"
CHANNEL = "arn:aws:chatbot::111122223333:chat-configuration/slack-channel/oncall"
MANAGED = f"{ARN}:rule/AWSUserNotificationsManagedRule-a02"
HEALTH = {"source": ["aws.health"]}


@pytest.fixture(name="bus")
def bus_factory():
    """Return a maker of event buses, one a name and region: the default bus at home, unless told otherwise."""
    made = {}

    def make(region="eu-west-1", name="default"):
        arn = f"arn:aws:events:{region}:111122223333:event-bus/{name}"
        if arn not in made:
            made[arn] = fake(EventBus, {BUSES: {"Name": name, "Arn": arn, "Policy": None}}, region=region)
        return made[arn]

    return make


@pytest.fixture(name="rule")
def rule_factory(bus):
    """Return a maker of rules on the default bus: a pattern, then fields in AWS's spelling."""

    def make(pattern=HEALTH, *, region="eu-west-1", **fields):
        name = fields.get("Name", "health")
        arn = f"arn:aws:events:{region}:111122223333:rule/{name}"
        listed = {"Name": name, "Arn": arn, "EventBusName": "default", "State": "ENABLED"}
        parent = bus(region, fields.get("EventBusName", "default"))
        told = {**listed, "EventPattern": json.dumps(pattern), **fields}
        return fake(Rule, {RULES: told}, region=region, parent=parent)

    return make


@pytest.fixture(name="notice")
def notice_factory():
    """Return a maker of what User Notifications has: a configuration, its event rule for a region, its channel."""

    def make(status="ACTIVE", state="ACTIVE", channels=(CHANNEL,), **fields):
        arn = "arn:aws:notifications::111122223333:configuration/a01"
        told = {"arn": arn, "name": "health", "status": status}
        configuration = fake(NotificationConfiguration, {CONFIGURATIONS: told})
        listed = {
            "arn": f"{arn}/rule/a02",
            "source": "aws.health",
            "eventType": "AWS Health Event",
            "managedRules": [MANAGED],
            "statusSummaryByRegion": {"eu-west-1": {"status": state, "reason": "-"}},
            **fields,
        }
        event_rule = fake(EventRule, {EVENT_RULES: listed}, parent=configuration)
        return (
            configuration,
            event_rule,
            *(fake(Channel, {CHANNELS: channel}, parent=configuration) for channel in channels),
        )

    return make


@pytest.fixture(name="holder")
def holder_fixture():
    """Return the account, as AWS Health knows it."""
    return fake(Account)


@pytest.fixture(name="target")
def target_factory():
    """Return a maker of targets of a rule: where to, then fields in AWS's spelling."""

    def make(rule, destination=TOPIC_ARN, own_policy=None, answers=None, **fields):
        listed = {"Id": "oncall", "Arn": destination, **fields}
        policy = {"policyDocument": json.dumps(own_policy)} if own_policy else None
        told = {TARGETS: listed, LOG_GROUP_POLICY: policy, **(answers or {})}
        return fake(Target, told, region=rule.region, parent=rule)

    return make


@pytest.fixture(name="topic")
def topic_factory():
    """Return a maker of topics: statements of the policy, then attributes in AWS's spelling."""

    def make(*statements, **attributes):
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        told = {"Owner": "111122223333", "Policy": json.dumps(policy), **attributes}
        return fake(Topic, {TOPICS: {"TopicArn": TOPIC_ARN}, TOPIC: told})

    return make


@pytest.fixture(name="subscription")
def subscription_factory():
    """Return a maker of subscriptions to a topic: its ARN, then attributes in AWS's spelling."""

    def make(topic, arn=f"{TOPIC_ARN}:1", *, hidden=False, **attributes):
        listed = {
            "SubscriptionArn": arn,
            "TopicArn": TOPIC_ARN,
            "Protocol": attributes.pop("Protocol", "email"),
            "Endpoint": attributes.pop("Endpoint", "oncall@northlight.example"),
            "Owner": "111122223333",
        }
        detail = {} if hidden else {SUBSCRIPTION: attributes or None}
        return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed, **detail}, parent=topic)

    return make


@pytest.fixture(name="role")
def role_factory():
    """Return a maker of roles: statements of the trust policy, then those of an inline policy."""
    (call,) = {fact.call for fact in Role.facts().values() if fact.name == "trust"}

    def make(trust, *allowed):
        document = {"Version": "2012-10-17", "Statement": list(allowed)}
        listed = {
            "Arn": "arn:aws:iam::111122223333:role/health",
            "RoleName": "health",
            "Path": "/",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": list(trust)},
            "RolePolicyList": [{"PolicyName": "publish", "PolicyDocument": document}] if allowed else [],
            "AttachedManagedPolicies": [],
        }
        return fake(Role, {call: listed})

    return make
