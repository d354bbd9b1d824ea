import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import Instance, RouteTable, SecurityGroup
from awsaudit.resources.elbv2 import RULES, Listener
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.elbv2.internet_facing_node_port import internet_facing_node_port
from tests.checks.elbv2.balancers import forward, group, listens, redirect, rule, sign_in
from tests.net import (
    block_public_access,
    instance,
    interface,
    load_balancer,
    network_acl,
    open_network,
    route_table,
    security_group,
)
from tests.net import rule as entry


EDGE = load_balancer()
SITE = load_balancer("site", kind="application")
RPC = group(("i-1", 8545))


def look(listener, *others, net=None, **more):
    return run_check(internet_facing_node_port, listener, *others, *(net or open_network()), **more)


@pytest.mark.parametrize("protocol", ["TCP", "TCP_UDP", "TLS"])
def test_flags_an_interface_behind_a_network_load_balancer(protocol):
    """
    Whatever port it listens on; TLS asks nobody who they are.
    """
    (finding,) = look(listens(EDGE, 443, protocol), RPC)

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "it lets whoever comes through to the target group nodes, port 8545 (JSON-RPC)" == finding.message
    assert ["internet", EDGE.arn, f"{EDGE.arn.replace('loadbalancer', 'listener')}/443", RPC.arn] == [
        hop.resource for hop in finding.path
    ]
    assert all(hop.holds for hop in finding.path)


def test_flags_the_port_of_the_listener():
    """
    The targets may have another one.
    """
    (finding,) = look(listens(EDGE, 8551, "TCP"), group(("i-1", 30051)))

    assert "port 8551 (engine API)" in finding.message


@pytest.mark.parametrize(
    ("actions", "rules"),
    [
        ((forward(),), ()),
        ((sign_in("allow"), forward()), ()),
        (({"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": RPC.arn}]}},), ()),
        ((redirect(),), (rule(forward()),)),
        ((redirect(),), (rule(forward(), sources=["0.0.0.0/1", "128.0.0.0/1"]),)),
        ((sign_in(), forward()), (rule(forward(), paths=["/rpc"]),)),
    ],
)
def test_flags_each_rule_that_asks_nobody(actions, rules):
    """
    HTTPS alone does not, and neither does a sign-in that lets strangers through.
    """
    (finding,) = look(listens(SITE, 443, "HTTPS", *actions, rules=rules), RPC)

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    ("actions", "rules", "more"),
    [
        ((redirect(),), (), {}),
        ((sign_in(), forward()), (), {}),
        (({"Type": "authenticate-cognito"}, forward()), (), {}),
        (({"Type": "jwt-validation"}, forward()), (), {}),
        ((forward(),), (), {"MutualAuthentication": {"Mode": "verify"}}),
        ((redirect(),), (rule(sign_in("deny"), forward()),), {}),
        ((redirect(),), (rule(forward(), sources=["203.0.113.0/24"]),), {}),
    ],
)
def test_passes_who_is_asked(actions, rules, more):
    """
    By a sign-in, a token, a certificate, or a network of one's own.
    """
    assert [Status.PASS] == statuses(look(listens(SITE, 443, "HTTPS", *actions, rules=rules, **more), RPC))


def test_certificates_that_are_not_looked_at_are_none():
    """
    Only one mode asks.
    """
    passed = listens(SITE, 443, "HTTPS", MutualAuthentication={"Mode": "passthrough"})

    assert [Status.FAIL] == statuses(look(passed, RPC))


def test_passes_what_does_not_face_the_internet():
    """
    Nor anything that is no interface of a node.
    """
    inner = load_balancer(scheme="internal")

    assert [Status.PASS] == statuses(look(listens(inner, 8545, "TCP"), RPC))
    assert [Status.PASS] == statuses(look(listens(EDGE, 443, "TCP"), group(("i-1", 30303))))


@pytest.mark.parametrize(
    ("tags", "name", "severity"),
    [
        ({"role": "ipfs"}, "nodes", Severity.CRITICAL),
        ({}, "ipfs", Severity.CRITICAL),
        ({"Name": "shop"}, "shop", Severity.HIGH),
    ],
)
def test_is_milder_on_ports_of_many(tags, name, severity):
    """
    Unless a tag or name calls the targets a node.
    """
    (finding,) = look(listens(EDGE, 443, "TCP", forward(name)), group(("i-1", 5001), name=name), instance(**tags))

    assert severity is finding.severity


def test_judges_9000_by_who_is_behind():
    """
    Signers are found by their addresses, too; on other hosts it is for peers.
    """
    by_id, by_address = group(("i-1", 9000)), group(("10.0.0.10", 9000), kind="ip")
    at = listens(EDGE, 9000, "TCP")

    for targets in (by_id, by_address):
        assert [Status.FAIL] == statuses(look(at, targets, interface(), instance(role="signer")))
        assert [Status.PASS] == statuses(look(at, targets, interface(), instance(role="consensus")))
    assert [Status.UNKNOWN] == statuses(look(at, by_id, unlisted=[Instance]))


def test_follows_a_load_balancer_behind():
    """
    What the one in front lets through, the one behind may ask.
    """
    inner = load_balancer("inner", scheme="internal", kind="application")
    front = listens(EDGE, 443, "TCP", forward("front"))
    to = group((inner.arn, 80), name="front", kind="alb")
    (finding,) = look(front, to, listens(inner, 80, "HTTP"), RPC, inner)

    assert Status.FAIL is finding.status
    assert (to.arn, RPC.arn) == (finding.path[3].resource, finding.path[-1].resource)
    assert [Status.PASS] == statuses(look(front, to, listens(inner, 80, "HTTP", sign_in(), forward()), RPC, inner))


@pytest.mark.parametrize(
    ("net", "words"),
    [
        ((route_table("vgw-1"), network_acl(), block_public_access()), "no route to an internet gateway"),
        ((route_table(), network_acl("deny"), block_public_access()), "the network ACL of subnet-a refuses port 443"),
        ((route_table(), network_acl(), block_public_access("block-ingress")), "VPC Block Public Access is on"),
    ],
)
def test_is_low_where_something_bars_the_way(net, words):
    """
    Which may change.
    """
    (finding,) = look(listens(EDGE, 443, "TCP"), RPC, net=net)

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert words in finding.message
    assert [True, False, True, True, True] == [hop.holds for hop in finding.path]


def test_is_low_without_targets():
    """
    The group's own port counts.
    """
    (finding,) = look(listens(EDGE, 443, "TCP"), group(port=8545))

    assert Severity.LOW is finding.severity
    assert "it has no targets now" in finding.message


def test_passes_groups_that_admit_some():
    """
    Security groups of the load balancer count on the listener's port.
    """
    shut = load_balancer(groups=("sg-1",))
    at = listens(shut, 443, "TCP")

    assert [Status.FAIL] == statuses(look(at, RPC, security_group(entry(443, "0.0.0.0/0"))))
    assert [Status.PASS] == statuses(look(at, RPC, security_group(entry(443, "203.0.113.0/24"))))
    assert [Status.UNKNOWN] == statuses(look(at, RPC))
    assert [Status.UNKNOWN] == statuses(look(at, RPC, unlisted=[SecurityGroup]))


def test_what_is_meant_to_be_open_is_not_judged():
    """
    The configuration says; and datagrams carry no interface of a node.
    """
    at = listens(EDGE, 443, "TCP")

    assert [Status.NOT_APPLICABLE] == statuses(look(at, RPC, allowed=("ed*",)))
    assert [Status.NOT_APPLICABLE] == statuses(look(listens(EDGE, 8545, "UDP"), RPC))


def test_is_unknown_where_rules_or_routes_cannot_be_seen():
    """
    Unless the default is enough.
    """
    closed = refused(Listener, RULES)

    assert [Status.UNKNOWN] == statuses(look(listens(SITE, 443, "HTTPS", redirect(), rules=closed), RPC))
    assert [Status.FAIL] == statuses(look(listens(SITE, 443, "HTTPS", rules=closed), RPC))
    assert [Status.UNKNOWN] == statuses(
        look(listens(EDGE, 443, "TCP"), RPC, net=(network_acl(), block_public_access()), unlisted=[RouteTable])
    )
