import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.kms import ALIASES, Alias, Key
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.bus_cmk_usable import bus_cmk_usable


BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/beacon"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
ALIAS = "arn:aws:kms:eu-west-1:111122223333:alias/beacon"
USE = ("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt")
CONTEXT = "kms:EncryptionContext:aws:events:event-bus:arn"


@pytest.mark.parametrize("reference", [KEY, "k-1", "alias/beacon", ALIAS])
def test_accepts_a_key_by_any_name(bus, key, admits, reference):
    """
    Its id, its ARN, an alias and an alias's ARN.
    """
    alias = fake(Alias, {ALIASES: {"AliasName": "alias/beacon", "AliasArn": ALIAS, "TargetKeyId": "k-1"}})
    judged = bus(KmsKeyIdentifier=reference)

    assert [Status.PASS] == statuses(run_check(bus_cmk_usable, judged, key(admits(*USE)), alias))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceArn": BUS, CONTEXT: BUS}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:111122223333:event-bus/*"}},
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    ],
)
def test_accepts_conditions_that_fit(bus, key, admits, condition):
    """
    On the bus, its account, and the encryption context.
    """
    judged = bus(KmsKeyIdentifier=KEY)

    assert [Status.PASS] == statuses(run_check(bus_cmk_usable, judged, key(admits(*USE, **condition))))


@pytest.mark.parametrize(
    "statement",
    [
        {"actions": ("kms:GenerateDataKey", "kms:Decrypt")},
        {"actions": ("kms:DescribeKey", "kms:Decrypt")},
        {"actions": USE, "StringEquals": {CONTEXT: BUS.replace("beacon", "rewards")}},
        {"actions": USE, "ArnEquals": {"aws:SourceArn": BUS.replace("beacon", "rewards")}},
        {"actions": USE, "StringEquals": {"aws:SourceAccount": "444455556666"}},
    ],
)
def test_flags_a_key_that_refuses(bus, key, admits, statement):
    """
    An action too few, or conditions that do not fit; the command adds a statement for the buses with the key.
    """
    actions = statement.pop("actions")
    judged = bus(KmsKeyIdentifier=KEY)
    refusing = admits(*actions, **statement)
    (finding,) = run_check(bus_cmk_usable, judged, key(refusing), bus("rewards", KmsKeyIdentifier=KEY))

    assert finding.message.startswith("the bus's key does not let EventBridge do kms:")
    assert finding.fix.startswith(f"aws kms put-key-policy --region eu-west-1 --key-id {KEY} --policy-name default ")
    _, kept, added = json.loads(shlex.split(finding.fix)[-1])["Statement"]
    assert refusing == kept
    assert {"ArnEquals": {"aws:SourceArn": [BUS, BUS.replace("beacon", "rewards")]}} == added["Condition"]
    assert [Status.PASS] == statuses(run_check(bus_cmk_usable, judged, key(refusing, added)))
    assert [(BUS, True), (KEY, False)] == [(hop.resource, hop.holds) for hop in finding.path]


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion", "Unavailable"])
def test_flags_a_key_that_cannot_be_used(bus, key, admits, state):
    """
    With the command that enables it, where there is one.
    """
    (finding,) = run_check(bus_cmk_usable, bus(KmsKeyIdentifier=KEY), key(admits(*USE), state=state))

    assert f"the bus's key is {state}" == finding.message
    assert ("Unavailable" == state) is (finding.fix is None)


def test_flags_a_key_that_is_gone(bus):
    """
    Which key it should be instead, nobody can tell from here.
    """
    (finding,) = run_check(bus_cmk_usable, bus(KmsKeyIdentifier=KEY))

    assert "the bus's key does not exist" == finding.message
    assert finding.fix is None


def test_does_not_judge_a_bus_without_a_key(bus):
    """
    AWS owns it then.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_cmk_usable, bus()))


def test_does_not_know_what_it_cannot_see(bus, key, admits):
    """
    Another account's key, a refused policy, keys that could not be listed, a policy that names rules as the source.
    """
    judged = bus(KmsKeyIdentifier=KEY)
    by_rule = admits(*USE, ArnLike={"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/beacon/*"})
    foreign = bus(KmsKeyIdentifier=KEY.replace("111122223333", "444455556666"))

    assert [Status.UNKNOWN] == statuses(run_check(bus_cmk_usable, foreign))
    assert [Status.UNKNOWN] == statuses(run_check(bus_cmk_usable, judged, key(hidden=True)))
    assert [Status.UNKNOWN] == statuses(run_check(bus_cmk_usable, judged, unlisted=[Key]))
    assert [Status.UNKNOWN] == statuses(run_check(bus_cmk_usable, judged, key(by_rule)))
