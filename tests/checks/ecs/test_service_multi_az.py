import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, Subnet
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.service_multi_az import service_multi_az
from tests.fleet import container, definition, service


def subnet(id_, zone):
    return fake(Subnet, {SUBNETS: {"SubnetId": id_, "AvailabilityZoneId": zone}})


HELD = subnet("subnet-a", "euw1-az1"), subnet("subnet-b", "euw1-az2"), subnet("subnet-c", "euw1-az1")


def look(*ids, unlisted=(), started=None, name="api", **more):
    network = {"networkConfiguration": {"awsvpcConfiguration": {"subnets": list(ids)}}} if ids else {}
    judged = service(started or definition(container()), name, **network, **more)
    return run_check(service_multi_az, judged, *HELD, unlisted=unlisted)


@pytest.mark.parametrize("ids", [["subnet-a"], ["subnet-a", "subnet-c"]])
def test_flags_services_in_one_zone(ids):
    """
    Two subnets may be in one.
    """
    [finding] = look(*ids)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "all of its tasks are started in euw1-az1" == finding.message


def test_two_zones_pass():
    """
    Whatever a third subnet is.
    """
    assert [Status.PASS] == statuses(look("subnet-a", "subnet-b", "subnet-lost"))


@pytest.mark.parametrize(
    "more",
    [
        {"tags": [{"key": "role", "value": "validator"}]},
        {"name": "web3signer"},
        {"started": definition(container(image="sigp/lighthouse:v8", command=["lighthouse", "vc"]))},
        {"started": definition(container(image="chainsafe/lodestar:v1", command=["validator"]))},
    ],
)
def test_does_not_concern_validators_and_signers(more):
    """
    They are never to run twice.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look("subnet-a", **more))


def test_does_not_concern_hosts_and_what_is_deleted():
    """
    Tasks without subnets are where their hosts are.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look())
    assert [Status.NOT_APPLICABLE] == statuses(look("subnet-a", status="INACTIVE"))


def test_unseen_subnets_are_unknown():
    """
    Shared ones that are gone, or a listing that was refused.
    """
    assert [Status.UNKNOWN] == statuses(look("subnet-a", "subnet-lost"))
    assert [Status.UNKNOWN] == statuses(look("subnet-a", "subnet-b", unlisted=[Subnet]))
