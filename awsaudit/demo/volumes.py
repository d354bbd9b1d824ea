"""
Disks and the network below them: volumes, snapshots and images, flow logs and network ACLs, and how networks meet.

At home EBS encrypts and shares with the organization alone; at the standby region everything is as AWS makes it, and a
snapshot is public. The image of the explorer is public, too. The laboratory has a network in one zone, and a peer that it lets
in everywhere. The site of the explorer is served in plain text, too, and its certificate was forgotten.

moto has no GetSnapshotBlockPublicAccessState, no Data Lifecycle Manager, and no certificates in use: those of ACM and DLM are
answered here, and so are DescribeSnapshots and DescribeSnapshotAttribute. DescribeImages and DescribeInstances are mended.
"""

from __future__ import annotations

import datetime

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.organization import MANAGEMENT
from awsaudit.demo.principal import make_role


_STANDBY: Final = "eu-west-1"
_STRANGER: Final = "777788889999"
_KEPT: Final = "snap-0a1f7c3d5e9b24680"
_PUBLIC: Final = "snap-0b2e8d4c6fa135791"
_SHARED: Final[Mapping[str, tuple[dict[str, str], ...]]] = {
    _KEPT: ({"UserId": MANAGEMENT},),
    _PUBLIC: ({"UserId": _STRANGER}, {"Group": "all"}),
}
_TAKES: Final = {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT"}
_DAILY: Final = [{"Key": "backup", "Value": "daily"}]
_POLICIES: Final = {"policy-0c4d8e2f6a1b35790": "ENABLED", "policy-0d5e9f3a7b2c46801": "DISABLED"}
_SIGN_IN: Final[Mapping[str, Any]] = {
    "Type": "authenticate-cognito",
    "Order": 1,
    "AuthenticateCognitoConfig": {
        "UserPoolArn": f"arn:aws:cognito-idp:{HOME}:{ACCOUNT}:userpool/{HOME}_northlight",
        "UserPoolClientId": "northlight-rpc",
        "UserPoolDomain": "northlight",
        "OnUnauthenticatedRequest": "deny",
    },
}


def build(company: Company) -> None:
    """Build it."""
    ec2 = company.client("ec2")
    ec2.enable_ebs_encryption_by_default()
    ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=100, Encrypted=True)
    company.front.answer("ec2", "GetSnapshotBlockPublicAccessState", _block)
    _snapshots(company)
    _lifecycle(company)
    for name in ("relay-node", "explorer-web"):
        ec2.register_image(Name=name, RootDeviceName="/dev/sda1", Architecture="x86_64")
    company.front.amend("ec2", "DescribeImages", _published)
    _flow_log(company)
    _closed_acl(company)
    _laboratory(company)
    _balancers(company, *_certificates(company))


def _block(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    return {"State": "block-all-sharing" if region == HOME else "unblocked", "ManagedBy": "account"}


def _data_volume(company: Company, name: str) -> str:
    """Return the volume for the chain of the host called *name*."""
    found = company.client("ec2").describe_instances(Filters=[{"Name": "tag:Name", "Values": [name]}])
    disks = found["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]

    return str(next(disk["Ebs"]["VolumeId"] for disk in disks if disk["DeviceName"] == "/dev/sdf"))


def _snapshots(company: Company) -> None:
    """Answer with a snapshot of a node's volume at home, and one that everybody may restore at the standby."""
    common = {
        "State": "completed",
        "OwnerId": ACCOUNT,
        "VolumeSize": 100,
        "StartTime": company.today - datetime.timedelta(days=1),
    }
    key = {"Encrypted": True, "KmsKeyId": company.ids["key:snapshots"]}
    by_region = {
        HOME: [{**common, **key, "SnapshotId": _KEPT, "VolumeId": _data_volume(company, "geth-1")}],
        _STANDBY: [{**common, "Encrypted": False, "SnapshotId": _PUBLIC, "VolumeId": "vol-0b2e8d4c6fa135791"}],
    }

    def listed(params: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        found = by_region.get(region, [])
        if params.get("RestorableByUserIds"):
            found = [each for each in found if each["SnapshotId"] == _PUBLIC]

        return {"Snapshots": found}

    def shared(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        return {"SnapshotId": params["SnapshotId"], "CreateVolumePermissions": list(_SHARED[params["SnapshotId"]])}

    company.front.answer("ec2", "DescribeSnapshots", listed)
    company.front.answer("ec2", "DescribeSnapshotAttribute", shared)


def _lifecycle(company: Company) -> None:
    """Let a policy take snapshots of what is tagged so, and one node's volume end with its host."""
    lost = _data_volume(company, "sepolia")
    company.client("ec2").create_tags(Resources=[_data_volume(company, "geth-2")], Tags=_DAILY)

    def listed(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        policies = [{"PolicyId": id_, "State": state, **_TAKES} for id_, state in _POLICIES.items()]
        return {"Policies": policies if region == HOME else []}

    def described(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        details = {"ResourceTypes": ["VOLUME"], "TargetTags": _DAILY, **_TAKES}
        return {"Policy": {"PolicyId": params["PolicyId"], "State": "ENABLED", "PolicyDetails": details}}

    def ending(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        hosts = [host for reservation in parsed["Reservations"] for host in reservation["Instances"]]
        for disk in (disk for host in hosts for disk in host.get("BlockDeviceMappings", ())):
            if disk["Ebs"]["VolumeId"] == lost:
                disk["Ebs"]["DeleteOnTermination"] = True

    company.front.answer("dlm", "GetLifecyclePolicies", listed)
    company.front.answer("dlm", "GetLifecyclePolicy", described)
    company.front.amend("ec2", "DescribeInstances", ending)


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


def _laboratory(company: Company) -> None:
    """Make a network in one zone, with a peer that reaches all of it, and transit gateways."""
    ec2 = company.client("ec2")
    laboratory, archive = (ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"] for cidr in ("10.60.0.0/16", "10.61.0.0/16"))
    subnet = ec2.create_subnet(VpcId=laboratory, CidrBlock="10.60.0.0/24", AvailabilityZone=f"{HOME}a")
    ec2.create_network_interface(SubnetId=subnet["Subnet"]["SubnetId"], Description="laboratory")
    for other, owner, to in ((company.ids["vpc"], laboratory, "10.20.1.0/24"), (laboratory, archive, "10.60.0.0/16")):
        peering = ec2.create_vpc_peering_connection(VpcId=owner, PeerVpcId=other)["VpcPeeringConnection"]
        id_ = peering["VpcPeeringConnectionId"]
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id_)
        tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [owner]}])["RouteTables"]
        ec2.create_route(RouteTableId=tables[0]["RouteTableId"], DestinationCidrBlock=to, VpcPeeringConnectionId=id_)
    for region, accepts in ((HOME, "disable"), (_STANDBY, "enable")):
        company.client("ec2", region).create_transit_gateway(Options={"AutoAcceptSharedAttachments": accepts})


def _certificates(company: Company) -> tuple[str, str]:
    """Make a certificate that ACM renews, and one that was imported and ends soon; return their ARNs."""
    acm = company.client("acm")
    names = ("rpc.northlight.example", "northlight.example")
    rpc, site = (acm.request_certificate(DomainName=name)["CertificateArn"] for name in names)
    issued = {"Type": "AMAZON_ISSUED", "RenewalEligibility": "ELIGIBLE"}
    certificates = {
        rpc: {"DomainName": names[0], "NotAfter": _in(company, 200), **issued},
        site: {"DomainName": names[1], "NotAfter": _in(company, 12), "Type": "IMPORTED"},
    }

    def listed(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        found = [
            {"CertificateArn": arn, "Status": "ISSUED", "InUse": True, **told} for arn, told in certificates.items()
        ]
        return {"CertificateSummaryList": found if region == HOME else []}

    def described(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        return {"Certificate": {"CertificateArn": params["CertificateArn"], **certificates[params["CertificateArn"]]}}

    company.front.answer("acm", "ListCertificates", listed)
    company.front.answer("acm", "DescribeCertificate", described)

    return rpc, site


def _in(company: Company, days: int) -> datetime.datetime:
    return company.today + datetime.timedelta(days=days)


def _balancers(company: Company, rpc: str, site: str) -> None:
    """Serve the RPC interface to those who sign in, and the site of the explorer to everybody, with and without TLS."""
    elb = company.client("elbv2")
    for name, certificate, port in (("rpc", rpc, 8545), ("explorer", site, 8080)):
        balancer = elb.create_load_balancer(
            Name=name,
            Type="application",
            Scheme="internet-facing",
            Subnets=company.ids["subnets:public"],
            SecurityGroups=[company.ids["sg:open"]],
        )["LoadBalancers"][0]["LoadBalancerArn"]
        group = elb.create_target_group(
            Name=f"{name}-targets", Protocol="HTTP", Port=port, VpcId=company.ids["vpc"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.20.1.250", "Port": port}])
        forward: dict[str, Any] = {"Type": "forward", "TargetGroupArn": group, "Order": 2}
        away = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
        for listens, protocol, actions in (
            (443, "HTTPS", [_SIGN_IN, forward] if name == "rpc" else [forward]),
            (80, "HTTP", [away] if name == "rpc" else [forward]),
        ):
            elb.create_listener(
                LoadBalancerArn=balancer,
                Protocol=protocol,
                Port=listens,
                DefaultActions=actions,
                **({"Certificates": [{"CertificateArn": certificate}]} if protocol == "HTTPS" else {}),
            )
