import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, SECURITY_GROUPS, Instance, SecurityGroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.cluster_security_group import cluster_security_group


@pytest.fixture
def cluster(make_cluster):
    """
    Return a cluster with the group of its own and one more.
    """
    return make_cluster(resourcesVpcConfig={"clusterSecurityGroupId": "sg-own", "securityGroupIds": ["sg-more"]})


def rule(protocol="tcp", first=None, last=None, *, v4=(), v6=(), description=None):
    ports = {} if first is None else {"FromPort": first, "ToPort": first if last is None else last}
    more = {"Description": description} if description else {}
    return {
        "IpProtocol": protocol,
        **ports,
        "IpRanges": [{"CidrIp": cidr, **more} for cidr in v4],
        "Ipv6Ranges": [{"CidrIpv6": cidr, **more} for cidr in v6],
    }


def group(id_, *rules):
    return fake(SecurityGroup, {SECURITY_GROUPS: {"GroupId": id_, "GroupName": id_, "IpPermissions": list(rules)}})


def node(**more):
    return fake(Instance, {INSTANCES: {"InstanceId": "i-1", "SecurityGroups": [{"GroupId": "sg-own"}], **more}})


def everyone(*ports):
    return rule("tcp", *ports, v4=["0.0.0.0/0"])


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (rule("-1", v4=["0.0.0.0/0"]), "all traffic"),
        (rule("tcp", 443, v6=["::/0"]), "tcp 443"),
        (rule("tcp", 0, 65535, v4=["0.0.0.0/1", "128.0.0.0/1"]), "tcp 0-65535"),
        (everyone(22), "tcp 22"),
        (everyone(3389), "tcp 3389"),
        (everyone(10250), "tcp 10250"),
        (everyone(2379, 2380), "tcp 2379-2380"),
    ],
)
@pytest.mark.parametrize(
    ("instances", "severity"),
    [((), Severity.MEDIUM), ((node(),), Severity.MEDIUM), ((node(PublicIpAddress="203.0.113.9"),), Severity.HIGH)],
)
def test_flags_groups_that_are_open_to_the_internet(cluster, entry, found, instances, severity):
    """
    A rule for everybody is high where a node with a public address wears the group, and medium else.
    """
    groups = (group("sg-own", entry), group("sg-more"), group("sg-foreign", rule("-1", v4=["0.0.0.0/0"])))
    (finding,) = run_check(cluster_security_group, cluster, *groups, *instances)

    assert (Status.FAIL, severity, found) == (finding.status, finding.severity, finding.found)
    assert f"sg-own opens {found} to the internet" == finding.message


def test_the_command_takes_out_what_is_wide_and_leaves_the_rest(cluster):
    """
    Narrow entries of the same rule stay.
    """
    entry = rule("tcp", 443, v4=["0.0.0.0/0", "10.20.0.0/16"], v6=["::/0"])
    (finding,) = run_check(cluster_security_group, cluster, group("sg-own"), group("sg-more", entry))
    *command, permissions = shlex.split(finding.fix)

    assert "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-more --ip-permissions" == " ".join(
        command
    )
    assert [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        }
    ] == json.loads(permissions)


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        (everyone(30080), True),
        (everyone(30000, 32767), True),
        (rule("tcp", 443, v4=["0.0.0.0/0"], description="kubernetes.io/rule/nlb/health=web"), False),
        (rule("tcp", 31000, v4=["0.0.0.0/0"], description="kubernetes.io/rule/nlb/client=web"), False),
    ],
)
def test_services_are_less_grave(cluster, entry, repaired):
    """
    Node ports, and what the load balancer controller entered, are low; what it would enter again has no command.
    """
    public = node(PublicIpAddress="203.0.113.9")
    (finding,) = run_check(cluster_security_group, cluster, group("sg-own", entry), group("sg-more"), public)

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert repaired is (finding.fix is not None)


@pytest.mark.parametrize(
    "entry",
    [
        everyone(80),
        rule("udp", 443, v4=["0.0.0.0/0"]),
        rule("icmp", -1, v4=["0.0.0.0/0"]),
        rule("tcp", 443, v4=["203.0.113.0/24"]),
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-own"}]},
    ],
)
def test_accepts_other_ports_and_narrow_rules(cluster, entry):
    """
    What does not open nodes or control plane to everybody passes.
    """
    assert [Status.PASS] == statuses(
        run_check(cluster_security_group, cluster, group("sg-own", entry), group("sg-more"))
    )


def test_an_open_group_fails_whatever_else_is_hidden(cluster):
    """
    A missing group or refused instances leave a known problem standing; without one a missing group is unknown.
    """
    wide = group("sg-own", everyone(22))
    (finding,) = run_check(cluster_security_group, cluster, wide, unlisted=[Instance])

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert [Status.UNKNOWN] == statuses(run_check(cluster_security_group, cluster, group("sg-own")))
    assert [Status.UNKNOWN] == statuses(run_check(cluster_security_group, cluster, unlisted=[SecurityGroup]))


def test_leaves_clusters_without_groups_alone(make_cluster, connected):
    """
    Connected clusters, and those in the making, have none.
    """
    for cluster in (connected, make_cluster(resourcesVpcConfig={})):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_security_group, cluster))
