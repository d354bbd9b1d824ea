"""
The company's network: one VPC at home with private and public subnets in three zones, and a smaller one at the standby.

Leaves ``vpc``, ``subnets:private``, ``subnets:public`` (lists of ids), ``sg:closed``, ``sg:open`` (and the same names with
``@eu-west-1``) in `Company.ids`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsaudit.demo.company import HOME, NAME, Company


def build(company: Company) -> None:
    """Build the networks."""
    _network(company, HOME, "10.20", "")
    _network(company, "eu-west-1", "10.40", "@eu-west-1")
    company.front.answer("ec2", "DescribeVpcBlockPublicAccessOptions", _never_switched_on)
    company.front.answer(
        "ec2", "DescribeVpcBlockPublicAccessExclusions", lambda _, __: {"VpcBlockPublicAccessExclusions": []}
    )


def _network(company: Company, region: str, prefix: str, suffix: str) -> None:
    ec2 = company.client("ec2", region)
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": f"{NAME}-{region}"}]}]
    vpc = ec2.create_vpc(CidrBlock=f"{prefix}.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    private, public = [], []
    for index, zone in enumerate("abc"):
        place = {"VpcId": vpc, "AvailabilityZone": f"{region}{zone}"}
        private.append(ec2.create_subnet(CidrBlock=f"{prefix}.{index}.0/24", **place)["Subnet"]["SubnetId"])
        public.append(ec2.create_subnet(CidrBlock=f"{prefix}.{index + 100}.0/24", **place)["Subnet"]["SubnetId"])
        ec2.associate_route_table(RouteTableId=table, SubnetId=public[-1])
        ec2.modify_subnet_attribute(SubnetId=public[-1], MapPublicIpOnLaunch={"Value": True})
    for name, cidr in (("closed", f"{prefix}.0.0/16"), ("open", "0.0.0.0/0")):
        group = ec2.create_security_group(GroupName=f"{NAME}-{name}", Description=name, VpcId=vpc)["GroupId"]
        for port in (443, 3306, 5432):
            rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        company.ids[f"sg:{name}{suffix}"] = group
    company.ids |= {f"vpc{suffix}": vpc, f"subnets:private{suffix}": private, f"subnets:public{suffix}": public}


def _never_switched_on(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    options = {"AwsRegion": region, "State": "default-state", "InternetGatewayBlockMode": "off"}
    return {"VpcBlockPublicAccessOptions": options}
