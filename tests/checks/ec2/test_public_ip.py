import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, Instance, RouteTable
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.public_ip import public_ip
from tests.net import route_table


def host(**more):
    tags = [{"Key": key, "Value": value} for key, value in more.pop("tags", {}).items()]
    described = {"InstanceId": "i-1", "State": {"Name": "running"}, "VpcId": "vpc-1", "Tags": tags}
    return fake(Instance, {INSTANCES: {**described, **more}})


def look(gateway="igw-1", **more):
    options = {"allowed": more.pop("allowed")} if "allowed" in more else {}
    return run_check(public_ip, host(**more), route_table(gateway), **options)


OWN = {"PublicIpAddress": "203.0.113.10"}
OVER_IPV6 = {"NetworkInterfaces": [{"SubnetId": "subnet-a", "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}]}]}


@pytest.mark.parametrize(
    "addresses",
    [
        OWN,
        {"NetworkInterfaces": [{"Association": {"PublicIp": "203.0.113.10"}}]},
        {"NetworkInterfaces": [{"PrivateIpAddresses": [{"Association": {"PublicIp": "203.0.113.10"}}]}]},
    ],
)
def test_flags_public_addresses_of_each_kind(addresses):
    """
    Those of further interfaces and of further private addresses are as public as the first one.
    """
    (finding,) = look(**addresses)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "it has the public address 203.0.113.10" == finding.message


def test_counts_ipv6_only_where_an_internet_gateway_leads():
    """
    Every IPv6 address is a public one; the route decides.
    """
    (finding,) = look(**OVER_IPV6)

    assert "it has a public IPv6 address in subnet-a" == finding.message
    assert [Status.PASS] == statuses(look("eigw-1", **OVER_IPV6))


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({"tags": {"role": "signer"}}, Severity.HIGH),
        ({"tags": {"Name": "validator-1"}}, Severity.HIGH),
        ({"EnclaveOptions": {"Enabled": True}}, Severity.HIGH),
        ({"tags": {"role": "execution"}}, Severity.INFO),
        ({"tags": {"role": "ipfs"}}, Severity.MEDIUM),
    ],
)
def test_grades_by_what_the_host_does(more, severity):
    """
    Keys are worth most, and peers need an address.
    """
    assert severity == look(**OWN, **more)[0].severity


def test_passes_private_hosts():
    """
    Without a public address nothing hangs on routes.
    """
    assert [Status.PASS] == statuses(look())
    assert [Status.PASS] == statuses(run_check(public_ip, host(), unlisted=[RouteTable]))


@pytest.mark.parametrize(
    "more",
    [
        {"State": {"Name": "stopped"}},
        {"Operator": {"Managed": True}},
        {"tags": {"Name": "edge-1"}, "allowed": ("edge-*",)},
        {"PublicIpAddress": "198.51.100.7", "NetworkInterfaces": [{"Association": {"CarrierIp": "198.51.100.7"}}]},
    ],
)
def test_does_not_judge(more):
    """
    Stopped and managed hosts, those that are to be public, and addresses of carriers.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(**{**OWN, **more}))


def test_says_unknown_where_routes_are_refused():
    """
    Only for IPv6, which hangs on them.
    """
    assert [Status.UNKNOWN] == statuses(run_check(public_ip, host(**OVER_IPV6), unlisted=[RouteTable]))
    assert [Status.FAIL] == statuses(run_check(public_ip, host(**OWN), unlisted=[RouteTable]))
