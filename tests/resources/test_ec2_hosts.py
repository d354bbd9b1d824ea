"""What is read of single hosts."""

import pytest

from awsaudit.resources.cloudwatch import DISKS, DiskMetric
from awsaudit.resources.ec2 import INSTANCES, TERMINATION, VOLUMES, Disk, Instance, Volume
from awsaudit.resources.ssm import INSTANCES as MANAGED
from awsaudit.resources.ssm import ManagedInstance
from awsaudit.testing import call_faults, fake


def test_every_address_of_an_instance_is_read():
    """
    Those of further interfaces, of further private addresses, and of carriers.
    """
    interfaces = [
        {"SubnetId": "subnet-a", "Association": {"PublicIp": "203.0.113.10"}, "Ipv6Addresses": []},
        {
            "SubnetId": "subnet-b",
            "Association": {"CarrierIp": "198.51.100.7"},
            "PrivateIpAddresses": [{"Association": {"PublicIp": "203.0.113.11"}}, {"PrivateIpAddress": "10.0.0.4"}],
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}],
        },
    ]
    host = fake(Instance, {INSTANCES: {"InstanceId": "i-1", "NetworkInterfaces": interfaces}})

    assert ("203.0.113.10", "203.0.113.11") == host.public_ips
    assert ("198.51.100.7",) == host.carrier_ips
    assert ("subnet-b",) == host.ipv6_subnets


def test_volumes_of_an_instance_are_read():
    """
    Devices without a volume of EBS are none.
    """
    devices = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1"}}, {"DeviceName": "/dev/xvdb"}]
    host = fake(Instance, {INSTANCES: {"InstanceId": "i-1", "BlockDeviceMappings": devices}})

    assert (Disk("/dev/xvda", "vol-1"),) == host.disks


@pytest.mark.parametrize("value", [True, False, None])
def test_protection_is_what_aws_says(value):
    """
    It is not asked for of an instance without tags.
    """
    assert value is fake(Instance, {TERMINATION: value}).kept


def test_what_has_no_arn_is_named():
    """
    A metric by its dimensions, a host by what Systems Manager calls it, a volume by its id.
    """
    disk = fake(DiskMetric, {DISKS: {"Dimensions": [{"Name": "path", "Value": "/"}]}})
    host = fake(ManagedInstance, {MANAGED: {"InstanceId": "mi-1"}})
    volume = fake(Volume, {VOLUMES: {"VolumeId": "vol-1"}})

    assert "CWAgent:disk_used_percent:path=/" == disk.arn
    assert "arn:aws:ssm:eu-west-1:111122223333:managed-instance/mi-1" == host.arn
    assert "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1" == volume.arn


@pytest.mark.parametrize("kind", [Instance, Volume, DiskMetric, ManagedInstance])
def test_the_calls_exist(kind):
    """
    With their parameters and what is read of their answers.
    """
    assert [] == list(call_faults(kind))
