from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_p2p_port_scoped import sg_p2p_port_scoped
from tests.net import instance, interface, open_network, rule, security_group


def look(*rules, name="geth-1"):
    return run_check(sg_p2p_port_scoped, security_group(*rules), interface(), instance(Name=name), *open_network())


def test_remarks_on_the_ports_of_a_node():
    """
    Open to everybody is what they are for.
    """
    (finding,) = look(rule(30303, "0.0.0.0/0"), rule(30303, "0.0.0.0/0", protocol="udp"))

    assert Status.PASS is finding.status
    assert "30303 are open for peers, as they are meant to be" in finding.message


def test_flags_a_range_wider_than_the_ports_for_peers():
    """
    RPC is within such a range, too.
    """
    (finding,) = look(rule(30000, "0.0.0.0/0", to=31000))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert finding.message.startswith("it opens ports 30000 to 31000, those of peers among them, to 0.0.0.0/0; ")


def test_flags_a_signer():
    """
    It has no peers.
    """
    (finding,) = look(rule(9000, "0.0.0.0/0"), name="dirk-1")

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_other_hosts_are_a_remark():
    """
    Neither tags nor name call it a node.
    """
    (finding,) = look(rule(30303, "0.0.0.0/0"), name="web-1")

    assert (Status.FAIL, Severity.INFO) == (finding.status, finding.severity)


def test_groups_without_such_ports_are_not_judged():
    """
    Nothing is open for peers.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(rule(30303, "10.0.0.0/8")))
