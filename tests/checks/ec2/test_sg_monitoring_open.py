from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_monitoring_open import sg_monitoring_open
from tests.net import instance, interface, open_network, rule, security_group


def look(*rules, name="app", **options):
    return run_check(
        sg_monitoring_open,
        security_group(*rules, name="web"),
        interface(),
        instance(Name=name),
        *open_network(),
        **options,
    )


def test_flags_the_port_on_a_host_of_that_role():
    """
    The port, what listens there, and the interface are named.
    """
    (finding,) = look(rule(9090, "0.0.0.0/0"), name="prometheus")

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert (
        "it opens 9090 (Prometheus) to 0.0.0.0/0; eni-1 of i-1 has the public address 203.0.113.10" == finding.message
    )


def test_is_milder_where_nothing_tells_the_role():
    """
    Other software listens on port 9090, too.
    """
    (finding,) = look(rule(9090, "0.0.0.0/0"))

    assert Severity.LOW is finding.severity


def test_passes_private_sources_and_other_ports():
    """
    Private ranges, groups, and a port that is none of these are no concern of the check.
    """
    assert [Status.PASS] == statuses(look(rule(9090, "10.0.0.0/8", groups=("sg-2",)), rule(443, "0.0.0.0/0")))
