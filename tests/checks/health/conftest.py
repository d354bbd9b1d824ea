"""Rules for events of AWS Health, their targets, and the topics, keys and roles behind these."""

import json

import pytest

from awsaudit.resources.events import BUSES, LOG_GROUP_POLICY, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.iam import Role
from awsaudit.resources.sns import SUBSCRIPTION, TOPIC, TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake


ARN = "arn:aws:events:eu-west-1:111122223333"
TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:health"
HEALTH = {"source": ["aws.health"]}


@pytest.fixture(name="rule")
def rule_factory():
    """Return a maker of rules on the default bus: a pattern, then fields in AWS's spelling."""
    bus = fake(EventBus, {BUSES: {"Name": "default", "Arn": f"{ARN}:event-bus/default"}})

    def make(pattern=HEALTH, **fields):
        name = fields.get("Name", "health")
        listed = {"Name": name, "Arn": f"{ARN}:rule/{name}", "EventBusName": "default", "State": "ENABLED"}
        return fake(Rule, {RULES: {**listed, "EventPattern": json.dumps(pattern), **fields}}, parent=bus)

    return make


@pytest.fixture(name="target")
def target_factory():
    """Return a maker of targets of a rule: where to, then fields in AWS's spelling."""

    def make(rule, destination=TOPIC_ARN, own_policy=None, **fields):
        listed = {"Id": "oncall", "Arn": destination, **fields}
        policy = {"policyDocument": json.dumps(own_policy)} if own_policy else None
        return fake(Target, {TARGETS: listed, LOG_GROUP_POLICY: policy}, parent=rule)

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
            "Protocol": "email",
            "Endpoint": "oncall@northlight.example",
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
