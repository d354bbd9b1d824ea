import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.node_double_sign_risk import node_double_sign_risk


def host(id_="i-1", region="eu-west-1", state="running", **tags):
    listed = [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]
    return fake(Instance, {INSTANCES: {"InstanceId": id_, "State": {"Name": state}, "Tags": listed}}, region=region)


KEYS = {"validator_keys": "mainnet-0"}
FIRST = host(**KEYS)


def look(*others, first=FIRST, **more):
    return run_check(node_double_sign_risk, first, *others, **more)


def test_flags_the_same_keys_on_two_hosts_in_all_regions():
    """
    The other host and its region are named; no command says which of them to stop.
    """
    (finding,) = look(host("i-2", "eu-central-1", **KEYS))

    assert Status.FAIL is finding.status
    assert "it signs with the keys mainnet-0, and so does i-2 in eu-central-1" == finding.message
    assert [True, True, False] == [hop.holds for hop in finding.path]


@pytest.mark.parametrize(
    "other",
    [
        host("i-2", validator_keys="mainnet-1"),
        host("i-2", role="validator-active"),
        host("i-2", state="stopped", **KEYS),
        host("i-2", standby="true", **KEYS),
        host("i-2", role="validator-standby", **KEYS),
    ],
)
def test_passes_keys_that_are_active_once(other):
    """
    Other keys, stopped hosts and those that stand by are no danger.
    """
    assert [Status.PASS] == statuses(look(other))


@pytest.mark.parametrize(
    "first", [host(), host(role="validator"), host(standby="", **KEYS), host(state="stopped", **KEYS)]
)
def test_does_not_judge_hosts_that_do_not_sign(first):
    """
    Without a tag nothing tells whose keys they are; that a host is a validator does not.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(host("i-2", **KEYS), first=first))


def test_a_host_that_stands_by_only_in_name_signs():
    """
    standby=false is what it says.
    """
    assert [Status.FAIL] == statuses(look(host("i-2", standby="false", **KEYS)))


def test_unseen_regions_are_unknown():
    """
    A second host may run where nothing could be listed; one that was seen is enough.
    """
    assert [Status.UNKNOWN] == statuses(look(unlisted=[Instance]))
    assert [Status.FAIL] == statuses(look(host("i-2", **KEYS), unlisted=[Instance]))
