"""What holds for all checks of ports alike, shown on that of SSH."""

import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import NetworkInterface, RouteTable
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_ssh_open import sg_ssh_open
from tests.net import interface, open_network, prefix_list, rule, security_group


ANYBODY = "0.0.0.0/0"


def look(group, *others, **more):
    return run_check(sg_ssh_open, group, *others, **more)


def test_shows_the_path_from_the_internet_to_the_interface():
    """
    Each hop is named: the subnet with its gateway, the group with its rule, the interface with its address.
    """
    (finding,) = look(security_group(rule(22, ANYBODY)), interface(), *open_network())

    assert ["internet", "subnet-a", "sg-1", "eni-1"] == [hop.resource for hop in finding.path]
    assert "opens port 22 to 0.0.0.0/0" == finding.path[2].by


def test_is_latent_where_nothing_leads_there():
    """
    An open rule on a private interface is low, and says what bars the way.
    """
    (finding,) = look(security_group(rule(22, ANYBODY)), interface(public_ip=None), *open_network())

    assert Severity.LOW is finding.severity
    assert finding.message.endswith("nobody on the internet gets to eni-1 of i-1 now: it has no public IPv4 address")
    assert finding.path[-1].holds is False


def test_is_a_remark_where_the_group_is_on_nothing():
    """
    A group without an interface opens nothing today.
    """
    (finding,) = look(security_group(rule(22, ANYBODY)), interface(groups=()))

    assert (Status.FAIL, Severity.INFO) == (finding.status, finding.severity)
    assert finding.message.endswith("it is on no network interface")


def test_revokes_exactly_what_lets_the_internet_in():
    """
    Office and private ranges of the same rule stay.
    """
    group = security_group(rule(22, ANYBODY, "::/0", "10.0.0.0/8", "203.0.113.0/24", groups=("sg-2",)))
    (finding,) = look(group, interface(), *open_network())
    words = shlex.split(finding.fix)

    assert ["aws", "ec2", "revoke-security-group-ingress", "--region", "eu-west-1", "--group-id", "sg-1"] == words[:7]
    assert [
        {
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "IpRanges": [{"CidrIp": ANYBODY}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        }
    ] == json.loads(words[-1])


def test_revokes_halves_and_prefix_lists():
    """
    Ranges that add up to the internet go together; a prefix list goes by its id.
    """
    halves = security_group(rule(22, "0.0.0.0/1", "128.0.0.0/1"))
    listed = security_group(rule(22, lists=("pl-1",)))
    (one,) = look(halves, interface(), *open_network())
    (two,) = look(listed, prefix_list(ANYBODY), interface(), *open_network())

    assert [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}] == json.loads(shlex.split(one.fix)[-1])[0]["IpRanges"]
    assert [{"PrefixListId": "pl-1"}] == json.loads(shlex.split(two.fix)[-1])[0]["PrefixListIds"]


@pytest.mark.parametrize("entry", [rule(None, ANYBODY), rule(0, ANYBODY, to=65535), rule(1, ANYBODY, to=65535)])
def test_a_rule_for_every_port_is_told_of_once(entry):
    """
    It is the business of ec2-sg-all-ports-open.
    """
    assert [Status.PASS] == statuses(look(security_group(entry), interface(), *open_network()))


@pytest.mark.parametrize("allowed", ["sg-1", "bastion-*"])
def test_the_owner_may_want_it_open(allowed):
    """
    Groups that the configuration names, by id or name, are not applicable.
    """
    group = security_group(rule(22, ANYBODY), name="bastion-eu")

    assert [Status.NOT_APPLICABLE] == statuses(look(group, interface(), *open_network(), allowed=(allowed,)))


@pytest.mark.parametrize("kind", [NetworkInterface, RouteTable])
def test_is_unknown_where_the_way_cannot_be_seen(kind):
    """
    Without interfaces or routes nobody can say how bad it is.
    """
    others = [each for each in (interface(), *open_network()) if type(each) is not kind]

    assert [Status.UNKNOWN] == statuses(look(security_group(rule(22, ANYBODY)), *others, unlisted=[kind]))


def test_a_closed_group_passes_unseen():
    """
    A group that opens nothing needs nothing else.
    """
    assert [Status.PASS] == statuses(look(security_group(rule(22, "10.0.0.0/8")), unlisted=[NetworkInterface]))
