import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import (
    SUBNETS,
    VPCS,
    ZONES,
    AvailabilityZone,
    NetworkInterface,
    Subnet,
    Vpc,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.vpc.subnets_multi_az import subnets_multi_az
from tests.net import OWN, VPC, interface


KINDS = {"euw1-az1": "availability-zone", "euw1-az2": "availability-zone", "euw1-lhr1-az1": "local-zone"}
PLACES = [fake(AvailabilityZone, {ZONES: {"ZoneId": id_, "ZoneType": kind}}) for id_, kind in KINDS.items()]


def vpc(owner=OWN):
    return fake(Vpc, {VPCS: {"VpcId": VPC, "OwnerId": owner}})


def subnet(zone, outpost=None, of=VPC):
    listed = {"SubnetId": f"subnet-{zone}", "VpcId": of, "AvailabilityZoneId": zone, "OutpostArn": outpost}
    return fake(Subnet, {SUBNETS: listed})


FIRST = subnet("euw1-az1")


@pytest.mark.parametrize(
    "others",
    [
        (),
        (subnet("euw1-az1"),),
        (subnet("euw1-lhr1-az1"),),
        (subnet("euw1-az2", "arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"),),
        (subnet("euw1-az2", of="vpc-2"),),
    ],
)
def test_flags_a_vpc_in_one_zone(others):
    """
    Local Zones and Outposts are no second one, and other VPCs' subnets are not its own.
    """
    (finding,) = run_check(subnets_multi_az, vpc(), FIRST, *others, *PLACES, interface())

    assert Status.FAIL is finding.status
    assert "its subnets are all in euw1-az1" == finding.message


def test_flags_a_vpc_in_no_zone():
    """
    A Local Zone alone.
    """
    (finding,) = run_check(subnets_multi_az, vpc(), subnet("euw1-lhr1-az1"), *PLACES, interface())

    assert "none of its subnets is in an availability zone" == finding.message


def test_passes_two_zones():
    """
    With or without interfaces that could be seen.
    """
    second = subnet("euw1-az2")

    assert [Status.PASS] == statuses(
        run_check(subnets_multi_az, vpc(), FIRST, second, *PLACES, unlisted=[NetworkInterface])
    )


def test_judges_vpcs_in_which_something_is():
    """
    Not those of others, and not empty ones.
    """
    for found in (
        run_check(subnets_multi_az, vpc("444455556666"), FIRST, *PLACES, interface()),
        run_check(subnets_multi_az, vpc(), *PLACES, interface()),
        run_check(subnets_multi_az, vpc(), FIRST, *PLACES),
    ):
        assert [Status.NOT_APPLICABLE] == statuses(found)


def test_is_unknown_where_zones_or_interfaces_cannot_be_seen():
    """
    Or where AWS tells of a subnet in a zone that it does not list.
    """
    net = (vpc(), FIRST, *PLACES)

    assert [Status.UNKNOWN] == statuses(run_check(subnets_multi_az, *net, unlisted=[NetworkInterface]))
    assert [Status.UNKNOWN] == statuses(run_check(subnets_multi_az, *net, interface(), unlisted=[AvailabilityZone]))
    assert [Status.UNKNOWN] == statuses(run_check(subnets_multi_az, *net, subnet("euw1-az9"), interface()))
