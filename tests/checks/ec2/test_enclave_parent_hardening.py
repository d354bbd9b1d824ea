import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import NetworkInterface, SecurityGroup
from awsaudit.resources.elbv2 import LoadBalancer, TargetGroup
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.enclave_parent_hardening import enclave_parent_hardening
from tests.checks.ec2.nodes import node
from tests.net import interface, listener, load_balancer, prefix_list, rule, security_group, target_group


PARENT = node(tags={}, EnclaveOptions={"Enabled": True})


def look(*rules, host=PARENT, others=(), **more):
    return run_check(enclave_parent_hardening, host, security_group(*rules), interface(public_ip=None), *others, **more)


@pytest.mark.parametrize("source", ["0.0.0.0/0", "10.0.0.0/16", "203.0.112.0/23", "::/0"])
def test_flags_groups_that_admit_many(source):
    """
    The command revokes exactly that.
    """
    (finding,) = look(rule(5000, source, "10.0.0.0/28"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"its security group node admits {source}" == finding.message
    assert "--group-id sg-1" in finding.fix


def test_reads_prefix_lists():
    """
    What stands in a list is admitted as if it stood in the rule.
    """
    assert [Status.FAIL] == statuses(
        look(rule(5000, lists=("pl-1",)), others=[prefix_list("0.0.0.0/1", "128.0.0.0/1")])
    )


def test_flags_a_load_balancer_that_faces_the_internet():
    """
    It needs no rule for the internet where it brings a group of its own.
    """
    edge = load_balancer()
    (finding,) = look(others=[edge, listener(edge), target_group(edge, ("i-1", 5000))])

    assert "the load balancer edge, which faces the internet, sends traffic to it" == finding.message
    assert finding.fix is None


def test_passes_closed_hosts():
    """
    Groups of clients, narrow ranges, and load balancers inside.
    """
    inner = load_balancer(scheme="internal")
    others = [inner, listener(inner), target_group(inner, ("i-1", 5000))]

    assert [Status.PASS] == statuses(look(rule(5000, "10.0.0.0/24", groups=("sg-2",)), others=others))


@pytest.mark.parametrize(
    "host",
    [
        node(),
        node(EnclaveOptions={"Enabled": True}, State={"Name": "stopped"}),
        node(EnclaveOptions={"Enabled": False}),
    ],
)
def test_judges_running_parents_only(host):
    """
    Whoever runs no enclave holds no keys for one.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(rule(5000, "0.0.0.0/0"), host=host))


@pytest.mark.parametrize("kind", [NetworkInterface, SecurityGroup, TargetGroup, LoadBalancer])
def test_refused_evidence_is_unknown(kind):
    """
    A closed group is no pass while something else may open the host.
    """
    edge = load_balancer()
    everything = [security_group(), interface(public_ip=None), target_group(edge, ("i-1", 5000))]
    kept = [each for each in everything if not isinstance(each, kind)]

    assert [Status.UNKNOWN] == statuses(run_check(enclave_parent_hardening, PARENT, *kept, unlisted=[kind]))
