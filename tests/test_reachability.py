import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.reachability import Family, Reach, openings, sources
from awsaudit.resources.ec2 import (
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    RouteTable,
    SecurityGroup,
)
from awsaudit.resources.elbv2 import Listener, LoadBalancer, TargetGroup
from awsaudit.testing import fake_inventory
from tests.net import (
    EC2,
    block_public_access,
    exclusion,
    interface,
    listener,
    load_balancer,
    network_acl,
    open_network,
    prefix_list,
    route_table,
    rule,
    security_group,
    target_group,
)


KINDS = (
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    Listener,
    LoadBalancer,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    RouteTable,
    SecurityGroup,
    TargetGroup,
)
ANYBODY = "0.0.0.0/0"
OPEN = security_group(rule(8545, ANYBODY))


def way(*others, group=OPEN, port=8545, unlisted=()):
    account = fake_inventory((group, *others), KINDS, unlisted=unlisted)
    ((_, _, found),) = openings(group, (port,), account)
    return found


def test_a_public_address_behind_an_open_group_is_reached():
    """
    The path names the internet, the subnet with its gateway, the group and the interface.
    """
    found = way(interface(), *open_network())

    assert Reach.PUBLIC is found.reach
    assert "has the public address 203.0.113.10" == found.words
    assert ["internet", "subnet-a", "sg-1", "eni-1"] == [hop.resource for hop in found.path]
    assert all(hop.holds for hop in found.path)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ((interface(public_ip=None), *open_network()), "has no public IPv4 address"),
        (
            (interface(), route_table("nat-1"), network_acl(), block_public_access()),
            "subnet-a has no IPv4 route to an internet gateway",
        ),
        ((interface(), route_table(), network_acl("deny"), block_public_access()), "the network ACL of subnet-a"),
        (
            (interface(), route_table(), network_acl(), block_public_access("block-ingress")),
            "VPC Block Public Access is on (block-ingress)",
        ),
        (
            (
                interface(),
                route_table(),
                network_acl(),
                block_public_access("block-bidirectional"),
                exclusion(mode="allow-egress"),
            ),
            "VPC Block Public Access is on",
        ),
    ],
)
def test_what_bars_the_way_is_named(others, words):
    """
    Without an address, a route, or with an ACL or Block Public Access against it, the opening is latent.
    """
    found = way(*others)

    assert Reach.LATENT is found.reach
    assert words in found.words
    assert [False] == [hop.holds for hop in found.path if not hop.holds]


@pytest.mark.parametrize("target", [f"{EC2}:vpc/vpc-1", f"{EC2}:subnet/subnet-a"])
def test_an_exempt_vpc_or_subnet_is_reached(target):
    """
    What Block Public Access exempts for both directions, it does not bar.
    """
    found = way(
        interface(), route_table(), network_acl(), block_public_access("block-bidirectional"), exclusion(target)
    )

    assert Reach.PUBLIC is found.reach


def test_a_group_on_no_interface_reaches_nothing():
    """
    The opening is there, and leads nowhere.
    """
    assert Reach.UNUSED is way(interface(groups=("sg-2",)), *open_network()).reach


def test_one_interface_of_many_is_enough():
    """
    A private interface beside a public one hides nothing.
    """
    found = way(interface(id_="eni-0", public_ip=None), interface(), *open_network())

    assert (Reach.PUBLIC, "eni-1") == (found.reach, found.interface.id)


def test_families_are_told_apart():
    """
    A rule for IPv6 does not open a public IPv4 address, and the other way round.
    """
    only6 = security_group(rule(8545, "::/0"))

    assert Reach.LATENT is way(interface(), *open_network(), group=only6).reach
    assert Reach.PUBLIC is way(interface(public_ip=None, ipv6="2001:db8::1"), *open_network(), group=only6).reach
    assert Reach.LATENT is way(interface(public_ip=None, ipv6="2001:db8::1"), *open_network()).reach


def test_a_load_balancer_that_faces_the_internet_leads_to_a_private_node():
    """
    The node has no public address; the load balancer sends what comes from the internet on to its port.
    """
    edge = load_balancer()
    found = way(interface(public_ip=None), edge, target_group(edge, ("i-1", 8545)), *open_network())

    assert Reach.PUBLIC is found.reach
    assert "is a target of the load balancer edge" == found.words
    assert ["internet", edge.arn, "sg-1", "eni-1"] == [hop.resource for hop in found.path]


def test_targets_by_address_count():
    """
    A target group of IP addresses names the interface's private one.
    """
    edge = load_balancer()

    assert (
        Reach.PUBLIC is way(interface(public_ip=None), edge, target_group(edge, ("10.0.0.10", 8545), kind="ip")).reach
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda edge: (edge, target_group(edge, ("i-1", 443))),
        lambda edge: (edge, target_group(edge, ("i-2", 8545))),
        lambda edge: (edge, target_group(None, ("i-1", 8545))),
        lambda _: ((inner := load_balancer("inner", "internal")), target_group(inner, ("i-1", 8545))),
        lambda _: (
            (closed := load_balancer("closed", groups=("sg-lb",))),
            target_group(closed, ("i-1", 8545)),
            listener(closed),
            security_group(rule(443, "10.0.0.0/8"), id_="sg-lb"),
        ),
    ],
    ids=["another port", "another instance", "not in use", "internal", "closed to the internet"],
)
def test_other_load_balancers_do_not_lead_there(make):
    """
    It has to face the internet, be open to it, and send traffic to that port of that node.
    """
    assert Reach.LATENT is way(interface(public_ip=None), *make(load_balancer())).reach


def test_a_load_balancer_with_an_open_group_leads_there():
    """
    Where a load balancer has security groups, one of them has to open a listener's port.
    """
    edge = load_balancer(groups=("sg-lb",))
    door = security_group(rule(443, ANYBODY), id_="sg-lb")

    assert (
        Reach.PUBLIC
        is way(interface(public_ip=None), edge, listener(edge), target_group(edge, ("i-1", 8545)), door).reach
    )


@pytest.mark.parametrize("kind", [RouteTable, NetworkAcl, BlockPublicAccess])
def test_what_was_refused_is_missing_where_nothing_else_bars_the_way(kind):
    """
    A public address whose route, ACL or block cannot be seen is neither reached nor safe.
    """
    with pytest.raises(EvidenceMissing):
        way(interface(), *[each for each in open_network() if type(each) is not kind], unlisted=[kind])


def test_unseen_load_balancers_leave_a_private_node_undecided():
    """
    One of them may lead to the node.
    """
    with pytest.raises(EvidenceMissing):
        way(interface(public_ip=None), unlisted=[TargetGroup])


def test_what_is_reached_for_certain_needs_nothing_else():
    """
    Load balancers that could not be listed do not matter to a node with a public address.
    """
    assert Reach.PUBLIC is way(interface(), *open_network(), unlisted=[TargetGroup, LoadBalancer]).reach


def test_halves_of_the_internet_add_up():
    """
    Two blocks that are the whole internet together count as it, and so does a prefix list of them.
    """
    halves = security_group(rule(22, "0.0.0.0/1", "128.0.0.0/1"))
    listed = security_group(rule(22, lists=("pl-1",)))
    account = fake_inventory((halves, listed, prefix_list("0.0.0.0/1", "128.0.0.0/1")), KINDS)

    ((_, plain),) = sources(halves, (22,), account)
    ((_, named),) = sources(listed, (22,), account)

    assert (frozenset({Family.IPV4}), "0.0.0.0/1, 128.0.0.0/1") == (plain.families, plain.words)
    assert "pl-1" == named.words


def test_private_ranges_are_not_the_internet():
    """
    A rule for private addresses, or for another port or protocol, opens nothing.
    """
    group = security_group(rule(22, "10.0.0.0/8"), rule(53, ANYBODY, protocol="udp"))
    account = fake_inventory((group,), KINDS)

    assert () == sources(group, (22, 53), account)
    assert 1 == len(sources(group, (53,), account, "udp"))
