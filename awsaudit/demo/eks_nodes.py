"""
The company's EKS nodes: node groups with their roles, launch templates and instances, and a Fargate profile.

Leaves ``role:node``, the sound node role's ARN, in `Company.ids`.
"""

from __future__ import annotations

import datetime
import json

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import define, field

from awsaudit.demo.company import Company


AWS_POLICY: Final = "arn:aws:iam::aws:policy"
NODE_POLICIES: Final = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy")
CLOSED: Final = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1}
TWO_HOPS: Final = {**CLOSED, "HttpPutResponseHopLimit": 2}
VERSION_1: Final = {**CLOSED, "HttpTokens": "optional"}
# How many days ago the images were made.
IMAGES: Final[Mapping[str, int]] = {
    "ami-0a1f7c3d5e9b24680": 12,
    "ami-0b2e8d4c6fa135791": 150,
    "ami-0c3d9e5b70b246802": 40,
}
AL2023, BOTTLEROCKET, OWN_IMAGE = IMAGES

Params = Mapping[str, Any]
Answer = Mapping[str, Any]


@define
class _Group:
    """
    A managed node group.

    Args:
        cluster: Its cluster.

        name: Its name.

        role: ARN of its nodes' role.

        subnets: Ids of its subnets.

        described: What DescribeNodegroup says that moto does not keep.

        nodes: How many nodes run.

        image: The nodes' image.

        metadata: How the nodes serve their metadata.

        template: How the launch template has them serve it; None without a template of the company's own.
    """

    cluster: str
    name: str
    role: str
    subnets: list[str]
    described: dict[str, Any]
    nodes: int = 0
    image: str = AL2023
    metadata: Mapping[str, Any] = field(factory=lambda: CLOSED)
    template: Mapping[str, Any] | None = None


def build(company: Company) -> None:
    """Build them."""
    roles = _roles(company)
    company.ids["role:node"] = roles["eks-node"]
    groups = {(group.cluster, group.name): group for group in _groups(company, roles)}
    for group in groups.values():
        _create(company, group)
    _loose_nodes(company, roles["eks-karpenter"])
    _fargate(company, roles["eks-fargate"])
    ages = dict(IMAGES)
    _answer_images(company, ages)
    _answer_groups(company, groups, ages)


# What there is


def _roles(company: Company) -> dict[str, str]:
    """Make the nodes' roles; return their ARNs by name."""
    iam = company.client("iam")
    extra = {
        "eks-node": ("AmazonSSMManagedInstanceCore",),
        "eks-node-clients": (),
        "eks-karpenter": (),
        "eks-node-standby": ("service-role/AmazonEBSCSIDriverPolicy", "SecretsManagerReadWrite"),
    }
    arns = {}
    for name, policies in extra.items():
        arns[name] = _role(iam, name, "ec2.amazonaws.com", (*NODE_POLICIES, *policies))
    arns["eks-fargate"] = _role(iam, "eks-fargate", "eks-fargate-pods.amazonaws.com", (_FARGATE,))
    _inline(iam, "eks-fargate", "pod-logs", "logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents")
    _inline(iam, "eks-node-standby", "external-dns", "route53:ChangeResourceRecordSets", "route53:ListHostedZones")

    return arns


_FARGATE = "AmazonEKSFargatePodExecutionRolePolicy"


def _role(iam: Any, name: str, service: str, policies: Iterable[str]) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for policy in policies:
        iam.attach_role_policy(RoleName=name, PolicyArn=f"{AWS_POLICY}/{policy}")

    return str(arn)


def _inline(iam: Any, role: str, name: str, *actions: str) -> None:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _groups(company: Company, roles: Mapping[str, str]) -> list[_Group]:
    sound, lax = roles["eks-node"], roles["eks-node-standby"]
    private, public = company.ids["subnets:private"], company.ids["subnets:public"]
    away = company.ids["subnets:private@eu-west-1"]
    al2023, bottlerocket = {"amiType": "AL2023_x86_64_STANDARD"}, {"amiType": "BOTTLEROCKET_x86_64"}
    no_capacity = {
        "code": "AsgInstanceLaunchFailures",
        "message": "We currently do not have sufficient m7i.xlarge capacity in the Availability Zone you requested.",
        "resourceIds": ["eks-peers"],
    }
    ssh = {"remoteAccess": {"ec2SshKey": "operations"}}
    own = {"amiType": "CUSTOM", "version": "1.35", "releaseVersion": OWN_IMAGE}

    return [
        _Group("validators", "duties", sound, private, {**al2023, **_release(company, "1.35", 12)}, nodes=2),
        _Group("validators", "signing", sound, private, own, nodes=1, image=OWN_IMAGE, template=CLOSED),
        _Group(
            "beacon",
            "clients",
            roles["eks-node-clients"],
            private,
            {**bottlerocket, "version": "1.34", "releaseVersion": "1.44.0-3b7d1c9e"},
            nodes=2,
            image=BOTTLEROCKET,
            metadata=TWO_HOPS,
            template=TWO_HOPS,
        ),
        _Group(
            "beacon",
            "peers",
            sound,
            public,
            {
                **al2023,
                **_release(company, "1.34", 130),
                **ssh,
                "status": "DEGRADED",
                "health": {"issues": [no_capacity]},
            },
            nodes=1,
        ),
        _Group("standby", "spare", lax, away[:1], {"amiType": "AL2_x86_64", **_release(company, "1.31", 380)}),
        _Group("rewards", "payouts", sound, away, {**al2023, **_release(company, "1.31", 30), "status": "DELETING"}),
    ]


def _release(company: Company, version: str, days: int) -> dict[str, str]:
    made = company.today - datetime.timedelta(days=days)
    return {"version": version, "releaseVersion": f"{version}.1-{made:%Y%m%d}"}


def _create(company: Company, group: _Group) -> None:
    region = company.ids["cluster"][group.cluster]
    ec2 = company.client("ec2", region)
    if group.template is not None:
        made = ec2.create_launch_template(
            LaunchTemplateName=f"{group.cluster}-{group.name}", LaunchTemplateData={"MetadataOptions": group.template}
        )["LaunchTemplate"]
        group.described["launchTemplate"] = {
            "id": made["LaunchTemplateId"],
            "name": made["LaunchTemplateName"],
            "version": "1",
        }
    if "remoteAccess" in group.described:
        group.described["resources"] = {
            "autoScalingGroups": [{"name": f"eks-{group.name}"}],
            "remoteAccessSecurityGroup": _ssh_group(company, region, group.name),
        }
    size = {"minSize": 0, "maxSize": 4, "desiredSize": group.nodes}
    company.client("eks", region).create_nodegroup(
        clusterName=group.cluster,
        nodegroupName=group.name,
        nodeRole=group.role,
        subnets=group.subnets,
        scalingConfig=size,
        instanceTypes=["m7i.xlarge"],
        labels={"role": group.name},
    )
    tags = {"eks:cluster-name": group.cluster, "eks:nodegroup-name": group.name}
    for index in range(group.nodes):
        _run(company, group.cluster, group.subnets[index], tags=tags, image=group.image, metadata=group.metadata)


def _ssh_group(company: Company, region: str, name: str) -> str:
    ec2 = company.client("ec2", region)
    id_ = ec2.create_security_group(
        GroupName=f"eks-remoteAccess-{name}",
        Description="Security group for all nodes in the nodeGroup to allow SSH access",
        VpcId=company.ids["vpc"],
    )["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=id_, IpPermissions=[rule])

    return str(id_)


def _run(  # noqa: PLR0913 - what tells one node from another
    company: Company,
    cluster: str,
    subnet: str,
    *,
    tags: Mapping[str, str],
    image: str,
    metadata: Mapping[str, Any],
) -> None:
    every = {f"kubernetes.io/cluster/{cluster}": "owned", **tags}
    company.client("ec2", company.ids["cluster"][cluster]).run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="m7i.xlarge",
        SubnetId=subnet,
        MetadataOptions=metadata,
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in every.items()]}
        ],
    )


def _loose_nodes(company: Company, role: str) -> None:
    """Karpenter's nodes: tight ones for the validators, careless ones beside the beacon nodes."""
    private, public = company.ids["subnets:private"], company.ids["subnets:public"]
    company.ids["access-entries"]["validators"][role] = ("EC2_LINUX", [])
    company.ids["access-entries"]["beacon"][role] = ("EC2_LINUX", [])
    tags = {"karpenter.sh/nodepool": "default"}
    _run(company, "validators", private[2], tags=tags, image=AL2023, metadata=CLOSED)
    for subnet in public[:2]:
        _run(company, "beacon", subnet, tags=tags, image=AL2023, metadata=VERSION_1)


def _fargate(company: Company, role: str) -> None:
    company.client("eks", company.ids["cluster"]["rewards"]).create_fargate_profile(
        clusterName="rewards",
        fargateProfileName="reports",
        podExecutionRoleArn=role,
        subnets=company.ids["subnets:private@eu-west-1"],
        selectors=[{"namespace": "reports"}],
    )


# What AWS says of it


def _answer_images(company: Company, ages: Mapping[str, int]) -> None:
    """Images of AWS and of the company's own; moto knows but a few, all of one day."""

    def describe(params: Params, _: str) -> Answer | None:
        asked = params.get("ImageIds", ())
        if not asked or not set(asked) <= set(ages):
            return None
        return {"Images": [{"ImageId": id_, "CreationDate": _made(company, ages[id_])} for id_ in asked]}

    company.front.answer("ec2", "DescribeImages", describe)


def _made(company: Company, days: int) -> str:
    return f"{company.today - datetime.timedelta(days=days):%Y-%m-%dT00:00:00.000Z}"


def _answer_groups(company: Company, groups: Mapping[tuple[str, str], _Group], ages: dict[str, int]) -> None:
    def describe(parsed: dict[str, Any], params: Params, _: str) -> None:
        known = groups.get((params["clusterName"], params["nodegroupName"]))
        # moto gives every group a key, an old release, and a security group that does not exist.
        invented = {"remoteAccess", "resources"} | ({"diskSize"} if known and known.template else set())
        kept = {key: value for key, value in parsed["nodegroup"].items() if key not in invented}
        if "launchTemplate" in kept:
            kept["launchTemplate"].setdefault("version", "1")
        parsed["nodegroup"] = kept | (known.described if known else _release(company, "1.35", 0))

    def update(params: Params, region: str) -> Answer:
        group = groups[params["clusterName"], params["nodegroupName"]]
        version = params.get("version", group.described["version"])
        dated = group.described["amiType"].startswith("AL2023")
        group.described |= {"status": "ACTIVE", "health": {"issues": []}, "version": version}
        group.described |= _release(company, version, 0) if dated else {}
        ages[group.image] = 0
        if "launchTemplate" in params:
            group.described["launchTemplate"] |= params["launchTemplate"]
            _replace_nodes(company, group, region)
        return {"update": {"id": f"update-{group.name}", "status": "Successful"}}

    company.front.amend("eks", "DescribeNodegroup", describe)
    company.front.answer("eks", "UpdateNodegroupVersion", update)


def _replace_nodes(company: Company, group: _Group, region: str) -> None:
    """Let the running nodes be as the launch template says."""
    ec2 = company.client("ec2", region)
    template = group.described["launchTemplate"]
    versions = ec2.describe_launch_template_versions(LaunchTemplateId=template["id"], Versions=[template["version"]])[
        "LaunchTemplateVersions"
    ]
    wanted = [{"Name": "tag:eks:nodegroup-name", "Values": [group.name]}]
    for reservation in ec2.describe_instances(Filters=wanted)["Reservations"]:
        for instance in reservation["Instances"]:
            ec2.modify_instance_metadata_options(
                InstanceId=instance["InstanceId"], **versions[0]["LaunchTemplateData"]["MetadataOptions"]
            )
