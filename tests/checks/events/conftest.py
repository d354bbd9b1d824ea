"""Buses, rules and targets, and what rules deliver to."""

import json

import pytest

from awsaudit.resources.events import BUS, BUSES, METRICS, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.iam import ROLES, Role
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.resources.sns import TOPIC, TOPICS, Topic
from awsaudit.resources.sqs import ATTRIBUTES, Queue
from awsaudit.resources.sqs import LIST as QUEUES
from awsaudit.testing import fake


ACCOUNT = "111122223333"
ARN = f"arn:aws:events:eu-west-1:{ACCOUNT}"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k-1"
OWNER = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}


def _document(statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _bus(name="beacon", listed=None, **described):
    return fake(EventBus, {BUSES: {"Name": name, "Arn": f"{ARN}:event-bus/{name}", **(listed or {})}, BUS: described})


def _rule(name="slots", *, failed=(), lost=(), **fields):
    listed = {"Name": name, "Arn": f"{ARN}:rule/beacon/{name}", "EventBusName": "beacon", "State": "ENABLED", **fields}
    return fake(Rule, {RULES: listed, METRICS: [{"Values": list(failed)}, {"Values": list(lost)}]}, parent=_bus())


@pytest.fixture(name="bus")
def bus_factory():
    """Return a maker of buses: name, what the listing adds, what describing adds."""
    return _bus


@pytest.fixture(name="rule")
def rule_factory():
    """Return a maker of rules on the bus beacon."""
    return _rule


@pytest.fixture(name="target")
def target_factory():
    """Return a maker of targets of a rule, in AWS's spelling; *told* is what detail calls answer."""

    def make(rule, id="1", told=None, **fields):  # noqa: A002 - it is the target's id
        listed = {"Id": id, "Arn": "arn:aws:lambda:eu-west-1:111122223333:function:slots", **fields}
        return fake(Target, {TARGETS: listed, **(told or {})}, parent=rule)

    return make


@pytest.fixture(name="queue")
def queue_factory():
    """Return a maker of queues: name, statements of the policy, then attributes in AWS's spelling."""

    def make(name="lost", *statements, hidden=False, region="eu-west-1", **attributes):
        policy = {"Policy": json.dumps(_document(statements))} if statements else {}
        told = {} if hidden else {ATTRIBUTES: {**policy, **attributes}}
        url = f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{name}"
        return fake(Queue, {QUEUES: url, **told}, region=region)

    return make


@pytest.fixture(name="topic")
def topic_factory():
    """Return a maker of topics: statements of the policy, then attributes in AWS's spelling."""

    def make(*statements, **attributes):
        told = {"Owner": ACCOUNT, "Policy": json.dumps(_document(statements)), **attributes}
        return fake(Topic, {TOPICS: {"TopicArn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:oncall"}, TOPIC: told})

    return make


@pytest.fixture(name="key")
def key_factory():
    """Return a maker of keys: statements besides the owner's, who manages it, its state."""

    def make(*statements, manager="CUSTOMER", state="Enabled", hidden=False):
        policy = {} if hidden else {POLICY: {"Policy": json.dumps(_document([OWNER, *statements]))}, GRANTS: []}
        told = {"KeyManager": manager, "KeyState": state}
        return fake(Key, {LIST: {"KeyId": "k-1", "KeyArn": KEY_ARN}, DESCRIBE: told, **policy})

    return make


@pytest.fixture(name="role")
def role_factory():
    """Return a maker of roles: statements of an inline policy, then the trust policy's and fields in AWS's spelling."""

    def make(*allowed, trust=(TRUST,), name="sender", **fields):
        inline = [{"PolicyName": "send", "PolicyDocument": _document(allowed)}] if allowed else []
        listed = {
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "RoleName": name,
            "Path": "/",
            "AssumeRolePolicyDocument": _document(trust),
            "RolePolicyList": inline,
            "AttachedManagedPolicies": [],
            **fields,
        }
        return fake(Role, {ROLES: listed})

    return make


@pytest.fixture(name="admits")
def admits_factory():
    """Return a maker of statements that let EventBridge do something, under conditions."""

    def make(*actions, resource="*", effect="Allow", **condition):
        statement = {
            "Effect": effect,
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": list(actions),
            "Resource": resource,
        }
        return {**statement, "Condition": condition} if condition else statement

    return make
