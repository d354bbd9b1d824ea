"""Buses, rules and targets."""

import pytest

from awsaudit.resources.events import BUS, BUSES, METRICS, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.testing import fake


ARN = "arn:aws:events:eu-west-1:111122223333"


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
    """Return a maker of targets of a rule, in AWS's spelling."""

    def make(rule, id="1", **fields):  # noqa: A002 - it is the target's id
        listed = {"Id": id, "Arn": "arn:aws:lambda:eu-west-1:111122223333:function:slots", **fields}
        return fake(Target, {TARGETS: listed}, parent=rule)

    return make
