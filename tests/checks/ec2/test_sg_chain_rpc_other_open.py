from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_chain_rpc_other_open import sg_chain_rpc_other_open
from tests.net import interface, open_network, rule, security_group


def look(*rules, **options):
    return run_check(sg_chain_rpc_other_open, security_group(*rules), interface(), *open_network(), **options)


def test_flags_the_port_that_the_internet_reaches():
    """
    The port, what listens there, from where, and the interface are named.
    """
    (finding,) = look(rule(26657, "0.0.0.0/0"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert (
        "it opens 26657 (CometBFT RPC) to 0.0.0.0/0; eni-1 of i-1 has the public address 203.0.113.10"
        == finding.message
    )


def test_passes_private_sources_and_other_ports():
    """
    Private ranges, groups, and a port that is none of these are no concern of the check.
    """
    assert [Status.PASS] == statuses(look(rule(26657, "10.0.0.0/8", groups=("sg-2",)), rule(443, "0.0.0.0/0")))


def test_grades_ports_that_matter_less():
    """
    Port 7051 is medium.
    """
    (finding,) = look(rule(7051, "0.0.0.0/0"))

    assert Severity.MEDIUM is finding.severity
