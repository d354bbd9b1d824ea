from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_remote_signer_open import sg_remote_signer_open
from tests.net import instance, interface, open_network, rule, security_group


def look(*rules, name="web3signer-1", others=()):
    things = (interface(), instance(Name=name), *open_network(), *others)
    return run_check(sg_remote_signer_open, security_group(*rules), *things)


def test_flags_what_the_internet_reaches():
    """
    Critical on a signer.
    """
    (finding,) = [f for f in look(rule(9000, "0.0.0.0/0")) if not f.sub_key]

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


def test_flags_wide_private_ranges():
    """
    High for more than a handful of hosts.
    """
    (finding,) = look(rule(9000, "10.0.0.0/16"))

    assert (Severity.HIGH, "9000:ranges") == (finding.severity, finding.sub_key)


def test_flags_groups_of_hosts_that_do_not_validate():
    """
    Medium for a group of hosts that are known to do something else.
    """
    other = security_group(id_="sg-2", name="x")
    members = (other, interface(id_="eni-2", groups=("sg-2",), instance="i-2"), instance("i-2", role="indexer"))
    (finding,) = look(rule(9000, groups=("sg-2",)), others=members)

    assert (Severity.MEDIUM, "9000:sg-2") == (finding.severity, finding.sub_key)


def test_passes_the_validators():
    """
    Their group and single hosts.
    """
    other = security_group(id_="sg-2", name="x")
    members = (other, interface(id_="eni-2", groups=("sg-2",), instance="i-2"), instance("i-2", role="validator"))

    assert [Status.PASS] == statuses(look(rule(9000, "10.0.0.5/32", groups=("sg-2",)), others=members))


def test_port_9000_of_another_host_is_for_peers():
    """
    Hosts that sign nothing are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(rule(9000, "0.0.0.0/0"), name="lighthouse-1"))
