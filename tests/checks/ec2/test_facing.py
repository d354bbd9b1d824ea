import pytest

from awsaudit import Undecided
from awsaudit.errors import EvidenceMissing
from awsaudit.reachability import BALANCERS, NETWORK
from awsaudit.resources.ec2 import NETWORK_ACLS, Instance, NetworkAcl
from awsaudit.resources.elbv2 import TargetGroup
from awsaudit.testing import fake, fake_inventory
from awsaudit_checks.ec2.facing import facing
from tests.net import block_public_access, instance, interface, open_network, route_table, rule, security_group


KINDS = {fact if isinstance(fact, type) else fact.owner for fact in (*NETWORK, *BALANCERS)} | {Instance}


def look(*resources, **more):
    host = instance()
    return facing(host, fake_inventory([host, *resources], KINDS, **more))


def test_finds_the_ports_that_a_network_acl_leaves():
    """
    One in the midst of a range, whose ends are refused.
    """
    entries = [
        {"RuleNumber": n, "RuleAction": action, "Protocol": "6", "CidrBlock": "0.0.0.0/0", "Egress": False,
         "PortRange": {"From": first, "To": last}}
        for n, (action, first, last) in enumerate([("deny", 0, 8000), ("allow", 0, 8100)])
    ]  # fmt: skip
    acl = fake(NetworkAcl, {NETWORK_ACLS: {"Associations": [{"SubnetId": "subnet-a"}], "Entries": entries}})
    place = (interface(), route_table(), acl, block_public_access())

    assert 8001 == look(security_group(rule(7000, "0.0.0.0/0", to=9000)), *place).port
    assert look(security_group(rule(8101, "0.0.0.0/0", to=9000)), *place) is None


def test_udp_counts_and_other_protocols_do_not():
    """
    Nothing listens on ICMP.
    """
    found = look(security_group(rule(9000, "0.0.0.0/0", protocol="udp")), interface(), *open_network())

    assert (9000, "udp") == (found.port, found.protocol)
    assert look(security_group(rule(8, "0.0.0.0/0", protocol="icmp")), interface(), *open_network()) is None


def test_a_group_of_another_account_is_no_closed_one():
    """
    In a shared VPC groups may be shared, too, and cannot be seen.
    """
    with pytest.raises(Undecided, match="sg-1 cannot be seen"):
        look(interface(), *open_network())


def test_what_bars_the_way_is_enough():
    """
    A closed group needs no load balancer; an open one behind unseen ones does.
    """
    closed, opened = security_group(rule(22, "10.0.0.0/8")), security_group(rule(22, "0.0.0.0/0"))
    place = (interface(public_ip=None), *open_network())

    assert look(closed, *place, unlisted=[TargetGroup]) is None
    with pytest.raises(EvidenceMissing):
        look(opened, *place, unlisted=[TargetGroup])
