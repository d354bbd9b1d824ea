import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, Subnet
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.lambda_.vpc_multi_az import vpc_multi_az
from tests.functions import function


def subnet(id_, zone):
    return fake(Subnet, {SUBNETS: {"SubnetId": id_, "AvailabilityZoneId": zone}})


HELD = subnet("subnet-a", "euw1-az1"), subnet("subnet-b", "euw1-az2"), subnet("subnet-c", "euw1-az1")


def look(*ids, unlisted=()):
    judged = function(VpcConfig={"VpcId": "vpc-1" if ids else "", "SubnetIds": list(ids)})
    return run_check(vpc_multi_az, judged, *HELD, unlisted=unlisted)


@pytest.mark.parametrize("ids", [["subnet-a"], ["subnet-a", "subnet-c"]])
def test_flags_one_zone(ids):
    """
    Two subnets may be in one.
    """
    [finding] = look(*ids)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "it runs in euw1-az1 alone" == finding.message


def test_two_zones_pass():
    """
    Whatever a third subnet is.
    """
    assert [Status.PASS] == statuses(look("subnet-a", "subnet-b", "subnet-lost"))


def test_does_not_concern_functions_without_a_vpc():
    """
    An empty list, or none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look())
    assert [Status.NOT_APPLICABLE] == statuses(run_check(vpc_multi_az, function()))


def test_unseen_subnets_are_unknown():
    """
    One that is gone, or a listing that was refused.
    """
    assert [Status.UNKNOWN] == statuses(look("subnet-a", "subnet-lost"))
    assert [Status.UNKNOWN] == statuses(look("subnet-a", unlisted=[Subnet]))
