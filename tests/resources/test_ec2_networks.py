"""How networks meet: peering connections, transit gateways and zones."""

from awsaudit.resources.ec2 import PEERINGS, TRANSIT_GATEWAYS, ZONES, AvailabilityZone, Peer, TransitGateway, VpcPeering
from awsaudit.testing import call_faults, fake


ARN = "arn:aws:ec2:eu-west-1:111122223333"


def test_both_sides_of_a_peering_are_read():
    """
    With all address ranges, of both versions of IP; there are none before it is active.
    """
    ours = {
        "VpcId": "vpc-1",
        "OwnerId": "111122223333",
        "CidrBlock": "10.0.0.0/16",
        "CidrBlockSet": [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16"}],
        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8::/56"}],
    }
    theirs = {"VpcId": "vpc-2", "OwnerId": "444455556666"}
    told = {"VpcPeeringConnectionId": "pcx-1", "RequesterVpcInfo": ours, "AccepterVpcInfo": theirs}
    peering = fake(VpcPeering, {PEERINGS: {**told, "Status": {"Code": "active"}}})

    assert f"{ARN}:vpc-peering-connection/pcx-1" == peering.arn
    assert {"10.0.0.0/16", "10.1.0.0/16", "2001:db8::/56"} == set(peering.requester.cidrs)
    assert Peer("444455556666", "vpc-2", ()) == peering.accepter


def test_gateways_and_zones_are_read():
    """
    A zone has no ARN, and something that stands for one.
    """
    gateway = fake(
        TransitGateway,
        {TRANSIT_GATEWAYS: {"TransitGatewayId": "tgw-1", "Options": {"AutoAcceptSharedAttachments": "disable"}}},
    )
    zone = fake(AvailabilityZone, {ZONES: {"ZoneId": "euw1-az1", "ZoneType": "availability-zone"}})

    assert "disable" == gateway.auto_accept
    assert f"{ARN}:availability-zone/euw1-az1" == zone.arn


def test_the_calls_exist():
    """
    Operations, parameters and results, in botocore's service model.
    """
    for kind in (VpcPeering, TransitGateway, AvailabilityZone):
        assert [] == list(call_faults(kind))
