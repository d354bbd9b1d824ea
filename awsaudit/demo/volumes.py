"""
Disks and the network below them: volumes, snapshots and images, flow logs and network ACLs.

At home EBS encrypts and shares nothing; at the standby region everything is as AWS makes it, and a snapshot is public. The image of
the explorer is public, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import make_role


_STANDBY: Final = "eu-west-1"
_PUBLIC: Final = "snap-0b2e8d4c6fa135791"
_SNAPSHOTS: Final[Mapping[str, tuple[tuple[str, bool], ...]]] = {
    HOME: (("snap-0a1f7c3d5e9b24680", True),),
    _STANDBY: ((_PUBLIC, False),),
}


def build(company: Company) -> None:
    """Build it."""
    ec2 = company.client("ec2")
    ec2.enable_ebs_encryption_by_default()
    ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=100, Encrypted=True)
    company.front.answer("ec2", "GetSnapshotBlockPublicAccessState", _block)
    company.front.answer("ec2", "DescribeSnapshots", _snapshots)
    for name in ("relay-node", "explorer-web"):
        ec2.register_image(Name=name, RootDeviceName="/dev/sda1", Architecture="x86_64")
    company.front.amend("ec2", "DescribeImages", _published)
    _flow_log(company)
    _closed_acl(company)


def _block(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    return {"State": "block-all-sharing" if region == HOME else "unblocked", "ManagedBy": "account"}


def _snapshots(params: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    found = _SNAPSHOTS.get(region, ())
    if params.get("RestorableByUserIds"):
        found = tuple(each for each in found if each[0] == _PUBLIC)

    return {
        "Snapshots": [
            {
                "SnapshotId": id_,
                "State": "completed",
                "Encrypted": encrypted,
                "OwnerId": ACCOUNT,
                "VolumeId": f"vol-{id_.removeprefix('snap-')}",
                "VolumeSize": 100,
            }
            for id_, encrypted in found
        ]
    }


def _published(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for image in parsed["Images"]:
        if image.get("OwnerId") == ACCOUNT:
            image["Public"] = image.get("Name") == "explorer-web"


def _flow_log(company: Company) -> None:
    vpc = company.ids["vpc"]
    writes = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    role = make_role(company, "vpc-flow-logs", {"Service": "vpc-flow-logs.amazonaws.com"}, writes)
    company.client("logs").create_log_group(logGroupName="/vpc/flow")
    company.client("ec2").create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="/vpc/flow",
        DeliverLogsPermissionArn=role,
    )


def _closed_acl(company: Company) -> None:
    """Keep the internet off the administration ports of one private subnet."""
    ec2 = company.client("ec2")
    subnet = company.ids["subnets:private"][0]
    acl = ec2.create_network_acl(VpcId=company.ids["vpc"])["NetworkAcl"]["NetworkAclId"]
    for egress in (False, True):
        ec2.create_network_acl_entry(
            NetworkAclId=acl, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=egress, CidrBlock="10.0.0.0/8"
        )
    lists = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"]
    held = next(a for found in lists for a in found["Associations"] if a["SubnetId"] == subnet)
    ec2.replace_network_acl_association(AssociationId=held["NetworkAclAssociationId"], NetworkAclId=acl)
