import json

import pytest

from awsaudit import Status
from awsaudit.resources.events import BUSES, EventBus
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.bus_policy_public import bus_policy_public
from tests.checks.policies import PublicPolicies, allow, document, policy_in


ARN = "arn:aws:events:eu-west-1:111122223333"


def bus(policy, name="beacon"):
    listed = {"Name": name, "Arn": f"{ARN}:event-bus/{name}"}
    return fake(EventBus, {BUSES: {**listed, **({"Policy": json.dumps(policy)} if policy else {})}})


class TestPublicPolicies(PublicPolicies):
    check = bus_policy_public
    action = "events:PutEvents"
    resource = f"{ARN}:event-bus/beacon"

    def make(self, policy):
        return bus(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy")


@pytest.mark.parametrize("key", ["events:source", "events:detail-type", "events:creatorAccount"])
def test_flags_conditions_on_the_event(key):
    """
    What an event says its publisher writes.
    """
    policy = document([allow(StringEquals={key: "northlight.slots"})], "events:PutEvents")

    assert [Status.FAIL] == statuses(run_check(bus_policy_public, bus(policy)))


def test_does_not_concern_buses_of_partners():
    """
    The partner alone writes to such a bus.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_policy_public, bus(None, "aws.partner/example.com/1")))
