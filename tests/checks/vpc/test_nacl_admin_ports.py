import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import NETWORK_ACLS, NetworkAcl
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.vpc.nacl_admin_ports import nacl_admin_ports


def entry(number, action="allow", cidr="0.0.0.0/0", port=None, protocol="6", *, egress=False):
    where = {"Ipv6CidrBlock": cidr} if ":" in cidr else {"CidrBlock": cidr}
    ports = {"PortRange": {"From": port, "To": port}} if port else {}
    protocol = protocol if port else "-1"
    return {"RuleNumber": number, "Egress": egress, "RuleAction": action, "Protocol": protocol, **where, **ports}


def acl(*entries, used=True, **more):
    described = {
        "NetworkAclId": "acl-1",
        "Associations": [{"SubnetId": "subnet-a"}] if used else [],
        "Entries": list(entries),
    }
    return fake(NetworkAcl, {NETWORK_ACLS: {**described, **more}})


@pytest.mark.parametrize(
    ("entries", "ports"),
    [
        ([entry(100, port=22)], "22 (SSH)"),
        ([entry(100, cidr="::/0", port=3389)], "3389 (RDP)"),
        ([entry(100)], "22 (SSH) and 3389 (RDP)"),
        ([entry(90, "deny", port=22), entry(100)], "3389 (RDP)"),
        ([entry(100), entry(110, "deny", port=22)], "22 (SSH) and 3389 (RDP)"),
    ],
)
def test_flags_what_the_first_rule_lets_in(entries, ports):
    """
    Rules hold in the order of their numbers.
    """
    (finding,) = run_check(nacl_admin_ports, acl(*entries))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"it lets the whole internet in on {ports}" == finding.message


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry(100, port=443)],
        [entry(100, cidr="10.0.0.0/8")],
        [entry(100, egress=True)],
        [entry(90, "deny", port=22), entry(91, "deny", port=3389), entry(100)],
        [entry(100, port=22, protocol="17")],
    ],
)
def test_passes_what_is_refused(entries):
    """
    Other ports, private sources, what goes out, what an earlier rule refuses, and UDP.
    """
    assert [Status.PASS] == statuses(run_check(nacl_admin_ports, acl(*entries)))


def test_the_default_one_is_low_and_an_unused_one_is_not_judged():
    """
    As AWS makes it, it lets everything in.
    """
    untouched = acl(entry(100), entry(32767, "deny"), IsDefault=True)
    (finding,) = run_check(nacl_admin_ports, untouched)

    assert Severity.LOW is finding.severity
    assert [Status.NOT_APPLICABLE] == statuses(run_check(nacl_admin_ports, acl(entry(100), used=False)))
