from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_rdp_open import sg_rdp_open
from tests.net import interface, open_network, rule, security_group


def look(*rules, **options):
    return run_check(sg_rdp_open, security_group(*rules), interface(), *open_network(), **options)


def test_flags_the_port_that_the_internet_reaches():
    """
    The port, what listens there, from where, and the interface are named.
    """
    (finding,) = look(rule(3389, "0.0.0.0/0"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "it opens 3389 (RDP) to 0.0.0.0/0; eni-1 of i-1 has the public address 203.0.113.10" == finding.message


def test_passes_private_sources_and_other_ports():
    """
    Private ranges, groups, and a port that is none of these are no concern of the check.
    """
    assert [Status.PASS] == statuses(look(rule(3389, "10.0.0.0/8", groups=("sg-2",)), rule(443, "0.0.0.0/0")))


def test_looks_at_udp_too():
    """
    The service speaks UDP besides, and a rule for another protocol is not one for it.
    """
    assert [Status.FAIL] == statuses(look(rule(3389, "::/0", "0.0.0.0/0", protocol="udp")))
    assert [Status.PASS] == statuses(look(rule(3389, "0.0.0.0/0", protocol="132")))
