import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.node_multi_az import node_multi_az


def host(id_="i-1", zone="eu-west-1a", state="running", region="eu-west-1", **tags):
    listed = [{"Key": key, "Value": value} for key, value in {"role": "execution", **tags}.items()]
    described = {
        "InstanceId": id_,
        "State": {"Name": state},
        "Placement": {"AvailabilityZone": zone},
        "Tags": listed,
    }
    return fake(Instance, {INSTANCES: described}, region=region)


def look(*others, first=None, **more):
    return run_check(node_multi_az, first or host(), *others, **more)


def test_flags_nodes_of_one_zone():
    """
    One finding for all of them, with the role, the network and the zone.
    """
    (finding,) = look(host("i-2", network="Mainnet"), first=host(network="mainnet"))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "both running hosts of the role execution client on mainnet are in eu-west-1a" == finding.message
    assert [Status.NOT_APPLICABLE] == statuses(look(host("i-0")))


@pytest.mark.parametrize("other", [host("i-2", "eu-west-1b"), host("i-2", "eu-central-1a", region="eu-central-1")])
def test_passes_two_zones(other):
    """
    Those of two regions are two.
    """
    assert [Status.PASS] == statuses(look(other))


def test_the_only_one_of_production_is_low():
    """
    Elsewhere one node is enough.
    """
    (finding,) = look(host("i-2", network="sepolia"), first=host(env="production"))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert [Status.NOT_APPLICABLE] == statuses(look(host("i-2", state="stopped")))


@pytest.mark.parametrize("role", ["validator", "signer", "web"])
def test_never_asks_for_a_second_validator(role):
    """
    Two hosts with one key get slashed.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(host("i-2", role=role), first=host(role=role)))


def test_unseen_instances_are_unknown():
    """
    The second zone may be among them.
    """
    assert [Status.UNKNOWN] == statuses(look(unlisted=[Instance]))
