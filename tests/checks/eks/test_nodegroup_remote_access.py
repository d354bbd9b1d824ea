import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import SECURITY_GROUPS, SecurityGroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.nodegroup_remote_access import nodegroup_remote_access


def security_group(*permissions):
    item = {"GroupId": "sg-ssh", "GroupName": "eks-remoteAccess", "VpcId": "vpc-1", "IpPermissions": list(permissions)}
    return fake(SecurityGroup, {SECURITY_GROUPS: item})


def tcp(port, *cidrs):
    return {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr],
        "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr],
    }


@pytest.fixture
def with_key(make_group):
    """
    Return a function that makes a node group with an SSH key.
    """

    def make(**access):
        access = {"ec2SshKey": "operations", **access}
        return make_group(remoteAccess=access, resources={"remoteAccessSecurityGroup": "sg-ssh"})

    return make


def test_flags_ssh_from_everywhere(with_key):
    """
    The rule that EKS makes without source groups fails, and the command takes out just that rule.
    """
    (finding,) = run_check(nodegroup_remote_access, with_key(), security_group(tcp(22, "0.0.0.0/0", "10.0.0.0/8")))

    assert "SSH (port 22) is open to the internet in sg-ssh, for the key operations" == finding.message
    assert (
        "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-ssh --ip-permissions "
        '\'[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]\''
        == finding.fix
    )


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (tcp(3389, "0.0.0.0/0"), "0.0.0.0/0"),
        (tcp(22, "::/0"), "::/0"),
        (tcp(22, "0.0.0.0/1", "128.0.0.0/1"), "0.0.0.0/1, 128.0.0.0/1"),
        ({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, "0.0.0.0/0"),
    ],
)
def test_flags_each_form_of_open(with_key, entry, found):
    """
    RDP, IPv6, halves of the internet, and all traffic.
    """
    (finding,) = run_check(nodegroup_remote_access, with_key(), security_group(entry))

    assert (Status.FAIL, found) == (finding.status, finding.found)


@pytest.mark.parametrize("entries", [[], [tcp(22, "10.0.0.0/8")], [tcp(443, "0.0.0.0/0")]])
def test_accepts_a_rule_that_was_taken_out(with_key, entries):
    """
    A group without the open rule passes, whoever took it out.
    """
    assert [Status.PASS] == statuses(run_check(nodegroup_remote_access, with_key(), security_group(*entries)))


def test_accepts_source_groups_and_no_key(with_key, make_group):
    """
    No key, or named source groups, pass without a look at the security group.
    """
    sourced = with_key(sourceSecurityGroups=["sg-bastion"])

    assert [Status.PASS] == statuses(run_check(nodegroup_remote_access, sourced, unlisted=(SecurityGroup,)))
    assert [Status.PASS] == statuses(run_check(nodegroup_remote_access, make_group(), unlisted=(SecurityGroup,)))


def test_leaves_groups_with_a_template(make_group):
    """
    With a launch template EKS makes no rule.
    """
    group = make_group(launchTemplate={"id": "lt-1", "version": "1"})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(nodegroup_remote_access, group))


def test_says_unknown_without_the_security_group(with_key, make_group):
    """
    A group that EKS does not name, or that may be hidden, is no pass.
    """
    nameless = make_group(remoteAccess={"ec2SshKey": "operations"})

    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_remote_access, nameless))
    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_remote_access, with_key(), unlisted=(SecurityGroup,)))
