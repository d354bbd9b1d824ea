import json

from awsaudit import Status
from awsaudit.resources.events import BUSES, EventBus
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.bus_policy_cross_account import bus_policy_cross_account
from tests.checks.policies import STRANGER, SharedPolicies, allow, document, policy_in


ARN = "arn:aws:events:eu-west-1:111122223333"


def bus(policy, name="beacon"):
    listed = {"Name": name, "Arn": f"{ARN}:event-bus/{name}"}
    return fake(EventBus, {BUSES: {**listed, **({"Policy": json.dumps(policy)} if policy else {})}})


class TestSharedPolicies(SharedPolicies):
    check = bus_policy_cross_account
    action = "events:PutEvents"
    resource = f"{ARN}:event-bus/beacon"

    def make(self, policy):
        return bus(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy") if "--policy" in finding.fix else None


def test_removes_a_policy_without_statements():
    """
    Where nothing is left the command takes all permissions away.
    """
    (finding,) = run_check(bus_policy_cross_account, bus(document([allow({"AWS": STRANGER})], "events:PutEvents")))

    assert (
        "aws events remove-permission --region eu-west-1 --event-bus-name beacon --remove-all-permissions"
        == finding.fix
    )


def test_does_not_concern_buses_of_partners():
    """
    The partner alone writes to such a bus.
    """
    found = run_check(bus_policy_cross_account, bus(None, "aws.partner/example.com/1"))

    assert [Status.NOT_APPLICABLE] == statuses(found)
