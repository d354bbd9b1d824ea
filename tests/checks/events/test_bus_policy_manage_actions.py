import json

import pytest

from awsaudit import Status
from awsaudit.resources.events import BUSES, EventBus
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.bus_policy_manage_actions import bus_policy_manage_actions
from tests.checks.policies import MEMBER, OWN, STRANGER, allow, document, policy_in


ARN = "arn:aws:events:eu-west-1:111122223333"
PARTNER = {"AWS": f"arn:aws:iam::{STRANGER}:root"}


def bus(policy, name="beacon"):
    listed = {"Name": name, "Arn": f"{ARN}:event-bus/{name}"}
    return fake(EventBus, {BUSES: {**listed, **({"Policy": json.dumps(policy)} if policy else {})}})


@pytest.mark.parametrize("resource", ["*", f"{ARN}:rule/beacon/*"])
@pytest.mark.parametrize("action", ["events:*", "events:Put*", ["events:PutEvents", "events:DisableRule"]])
@pytest.mark.parametrize("principal", ["*", PARTNER], ids=["everybody", "an account"])
def test_flags_outsiders_who_manage_rules(principal, action, resource):
    """
    Whoever gets in from outside and may change rules fails, known or not; the command leaves what is put and looked at.
    """
    (finding,) = run_check(bus_policy_manage_actions, bus(document([allow(principal)], action, resource)), MEMBER)

    assert Status.FAIL is finding.status
    assert "outside" == finding.path[0].type
    assert "events:PutEvents" in policy_in(finding.fix, "--policy")["Statement"][0]["Action"]
    again = bus(policy_in(finding.fix, "--policy"))
    assert [Status.PASS] == statuses(run_check(bus_policy_manage_actions, again, MEMBER))


def test_flags_everything_but():
    """
    NotAction leaves more than it seems.
    """
    statement = {**allow(PARTNER), "NotAction": "events:PutEvents", "Resource": "*"}
    (finding,) = run_check(bus_policy_manage_actions, bus({"Statement": [statement]}))

    assert Status.FAIL is finding.status


@pytest.mark.parametrize("operator", ["StringEquals", "StringEqualsIfExists"])
def test_accepts_who_manages_own_rules_only(operator):
    """
    Rules bound to those who made them are no others'.
    """
    mine = allow(PARTNER, **{operator: {"events:creatorAccount": "${aws:PrincipalAccount}"}})

    assert [Status.PASS] == statuses(run_check(bus_policy_manage_actions, bus(document([mine], "events:*"))))


def test_flags_a_creator_by_name():
    """
    A fixed creator is not necessarily who asks.
    """
    other = allow(PARTNER, StringEquals={"events:creatorAccount": OWN})

    assert [Status.FAIL] == statuses(run_check(bus_policy_manage_actions, bus(document([other], "events:PutRule"))))


@pytest.mark.parametrize(
    ("principal", "action"),
    [(PARTNER, "events:PutEvents"), (PARTNER, ["events:Describe*", "events:List*"]), ({"AWS": OWN}, "events:*")],
)
def test_accepts_publishers_and_the_own_account(principal, action):
    """
    To put events and to look is what outsiders may do; the account manages its rules.
    """
    assert [Status.PASS] == statuses(run_check(bus_policy_manage_actions, bus(document([allow(principal)], action))))


@pytest.mark.parametrize("odd", [bus(None), bus(None, "aws.partner/example.com/1")])
def test_does_not_concern_buses_without_a_policy(odd):
    """
    Without a policy, and on a partner's bus, nobody from outside manages anything.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_policy_manage_actions, odd))
