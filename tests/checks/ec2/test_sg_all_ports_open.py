import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_all_ports_open import sg_all_ports_open
from tests.net import interface, open_network, rule, security_group


ANYBODY = "0.0.0.0/0"


def look(*rules, public=True):
    reached = interface() if public else interface(public_ip=None)
    return run_check(sg_all_ports_open, security_group(*rules), reached, *open_network())


@pytest.mark.parametrize(
    "entry",
    [
        rule(None, ANYBODY),
        rule(0, ANYBODY, to=65535),
        rule(1, ANYBODY, to=65535),
        rule(0, ANYBODY, to=65535, protocol="udp"),
        rule(0, "0.0.0.0/1", "128.0.0.0/1", to=65535),
    ],
)
def test_flags_a_rule_for_every_port(entry):
    """
    All traffic, or all ports of TCP or UDP, from the whole internet.
    """
    (finding,) = look(entry)

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert finding.message.startswith("it opens every port to ")


def test_is_low_where_nothing_leads_there():
    """
    Behind no public address the rule is latent.
    """
    (finding,) = look(rule(None, ANYBODY), public=False)

    assert Severity.LOW is finding.severity


@pytest.mark.parametrize("entry", [rule(None, "10.0.0.0/8"), rule(None, groups=("sg-1",)), rule(2, ANYBODY, to=65535)])
def test_passes_other_rules(entry):
    """
    Private sources, groups, and a range that is not every port.
    """
    assert [Status.PASS] == statuses(look(entry))
