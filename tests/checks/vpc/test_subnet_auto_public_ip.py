import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, RouteTable, Subnet
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.vpc.subnet_auto_public_ip import subnet_auto_public_ip
from tests.net import OWN, VPC, route_table


def subnet(*, public=True, owner=OWN, default=False):
    listed = {"SubnetId": "subnet-a", "VpcId": VPC, "OwnerId": owner}
    return fake(Subnet, {SUBNETS: {**listed, "MapPublicIpOnLaunch": public, "DefaultForAz": default}})


@pytest.mark.parametrize(
    ("default", "gateway", "severity"),
    [
        (False, "igw-1", Severity.MEDIUM),
        (False, "vgw-1", Severity.LOW),
        (True, "igw-1", Severity.LOW),
    ],
)
def test_flags_public_addresses_for_everything(default, gateway, severity):
    """
    Low where nobody gets there, and in the subnets that AWS makes that way.
    """
    (finding,) = run_check(subnet_auto_public_ip, subnet(default=default), route_table(gateway))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert finding.fix.endswith("--subnet-id subnet-a --no-map-public-ip-on-launch")


def test_passes_where_addresses_are_asked_for():
    """
    Whatever the routes.
    """
    assert [Status.PASS] == statuses(run_check(subnet_auto_public_ip, subnet(public=False), route_table()))


def test_a_shared_subnet_is_not_judged():
    """
    Its owner decides.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(subnet_auto_public_ip, subnet(owner="444455556666")))


def test_is_unknown_without_routes():
    """
    How bad it is hangs on them.
    """
    assert [Status.UNKNOWN] == statuses(run_check(subnet_auto_public_ip, subnet(), unlisted=[RouteTable]))
