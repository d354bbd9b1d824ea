"""
Amazon EKS.

https://docs.aws.amazon.com/eks/latest/APIReference/
"""

from __future__ import annotations

import datetime

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, From, Kind, Resource
from awsaudit.parser import (
    document,
    flag,
    many,
    optional_flag,
    optional_integer,
    optional_moment,
    optional_text,
    record,
    setting,
    text,
    texts,
)
from awsaudit.parser import tags as tag_map
from awsaudit.resources.ec2 import METADATA_OPTIONS, NO_IMAGE


_NO_CLUSTER = ("ResourceNotFoundException",)

# Without include=["all"] AWS lists its own clusters only, not those connected to it for viewing: it does not run them.
# https://docs.aws.amazon.com/eks/latest/APIReference/API_ListClusters.html
LIST = Call("ListClusters", result="clusters[]")
DESCRIBE = Call("DescribeCluster", result="cluster", params={"name": "$@"}, gone=_NO_CLUSTER)
# One request a version and region, however many clusters and node groups run it.
VERSION = Call(
    "DescribeClusterVersions",
    result="clusterVersions[]",
    params={"clusterVersions": [From(DESCRIBE, "version")], "includeAll": True},
)

# Add-ons are read one by one; of all their settings one of one add-on decides something.
VPC_CNI = Call(
    "DescribeAddon",
    result="addon",
    params={"clusterName": "$@", "addonName": "vpc-cni"},
    when=From(DESCRIBE, "!(outpostConfig.outpostArns)"),
    absent=("ResourceNotFoundException",),
)

LIST_NODEGROUPS = Call("ListNodegroups", result="nodegroups[]", params={"clusterName": "$parent:@"}, gone=_NO_CLUSTER)
DESCRIBE_NODEGROUP = Call(
    "DescribeNodegroup",
    result="nodegroup",
    params={"clusterName": "$parent:@", "nodegroupName": "$@"},
    gone=_NO_CLUSTER,
)
NODEGROUP_VERSION = Call(
    "DescribeClusterVersions",
    result="clusterVersions[]",
    params={"clusterVersions": [From(DESCRIBE_NODEGROUP, "version")], "includeAll": True},
)
NODEGROUP_TEMPLATE = Call(
    "DescribeLaunchTemplateVersions",
    service="ec2",
    result="LaunchTemplateVersions[0].LaunchTemplateData",
    params={
        "LaunchTemplateId": From(DESCRIBE_NODEGROUP, "launchTemplate.id"),
        "Versions": [From(DESCRIBE_NODEGROUP, "launchTemplate.version")],
    },
    answer_code=("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound"),
)
# What a node group of the user's own AMI calls its release is the AMI.
NODEGROUP_IMAGE = Call(
    "DescribeImages",
    service="ec2",
    result="Images[0]",
    params={
        "ImageIds": [From(DESCRIBE_NODEGROUP, "releaseVersion")],
        "IncludeDeprecated": True,
        "IncludeDisabled": True,
    },
    when=From(DESCRIBE_NODEGROUP, "amiType == 'CUSTOM'"),
    absent=NO_IMAGE,
)

LIST_FARGATE_PROFILES = Call(
    "ListFargateProfiles", result="fargateProfileNames[]", params={"clusterName": "$parent:@"}, gone=_NO_CLUSTER
)
DESCRIBE_FARGATE_PROFILE = Call(
    "DescribeFargateProfile",
    result="fargateProfile",
    params={"clusterName": "$parent:@", "fargateProfileName": "$@"},
    gone=_NO_CLUSTER,
)

# Clusters whose authentication mode is CONFIG_MAP, and local clusters, have no access entries: "invalid given the state
# of the cluster". https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessEntries.html
LIST_ACCESS_ENTRIES = Call(
    "ListAccessEntries",
    result="accessEntries[]",
    params={"clusterName": "$parent:@"},
    absent=("InvalidRequestException",),
    gone=_NO_CLUSTER,
)
DESCRIBE_ACCESS_ENTRY = Call(
    "DescribeAccessEntry",
    result="accessEntry",
    params={"clusterName": "$parent:@", "principalArn": "$@"},
    gone=_NO_CLUSTER,
)
# Entries of nodes take no policies that an audit of people asks for.
ACCESS_POLICIES = Call(
    "ListAssociatedAccessPolicies",
    result="associatedAccessPolicies[]",
    params={"clusterName": "$parent:@", "principalArn": "$@"},
    when=From(DESCRIBE_ACCESS_ENTRY, "type == 'STANDARD'"),
    gone=_NO_CLUSTER,
)

LIST_POD_IDENTITIES = Call(
    "ListPodIdentityAssociations", result="associations[]", params={"clusterName": "$parent:@"}, gone=_NO_CLUSTER
)
DESCRIBE_POD_IDENTITY = Call(
    "DescribePodIdentityAssociation",
    result="association",
    params={"clusterName": "$parent:@", "associationId": "$associationId"},
    gone=_NO_CLUSTER,
)

LIST_ADDONS = Call("ListAddons", result="addons[]", params={"clusterName": "$parent:@"}, gone=_NO_CLUSTER)
DESCRIBE_ADDON = Call(
    "DescribeAddon", result="addon", params={"clusterName": "$parent:@", "addonName": "$@"}, gone=_NO_CLUSTER
)


@frozen
class HealthIssue:
    """
    What AWS says is wrong.

    Args:
        code: Such as ``KmsKeyDisabled``.

        message: AWS's sentence.

        resource_ids: What it is about.
    """

    code: str
    message: str | None
    resource_ids: tuple[str, ...]


@frozen
class LogSetup:
    """Control-plane log types that are all on, or all off."""

    types: tuple[str, ...]
    enabled: bool


@frozen
class EnvelopeEncryption:
    """
    What is encrypted in etcd with a customer's key.

    Args:
        resources: Kubernetes resources; ``secrets`` is the only one that AWS takes.

        key_arn: ARN of the KMS key or of an alias.
    """

    resources: tuple[str, ...]
    key_arn: str | None


@frozen
class VersionSupport:
    """
    How long AWS supports a Kubernetes version.

    Args:
        version: Such as ``1.33``.

        status: ``STANDARD_SUPPORT``, ``EXTENDED_SUPPORT`` or ``UNSUPPORTED``.

        standard_until: When standard support ends.

        extended_until: When extended support ends.
    """

    version: str
    status: str
    standard_until: datetime.datetime | None
    extended_until: datetime.datetime | None


@frozen
class AccessPolicy:
    """
    Kubernetes rights that AWS manages, given to a principal.

    Args:
        arn: Such as ``arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy``.

        scope: ``cluster`` or ``namespace``.

        namespaces: The namespaces, where that is the scope.
    """

    arn: str
    scope: str
    namespaces: tuple[str, ...]


@frozen
class Taint:
    """
    What keeps pods off nodes, unless they tolerate it.

    Args:
        key: Its name.

        value: Its value; None if it has none.

        effect: ``NO_SCHEDULE``, ``NO_EXECUTE`` or ``PREFER_NO_SCHEDULE``.
    """

    key: str
    value: str | None
    effect: str


@frozen
class NetworkInterface:
    """
    A network interface of a launch template.

    Args:
        public_address: Whether instances get a public address; None leaves it to the subnet.

        group_ids: Its security groups.
    """

    public_address: bool | None
    group_ids: tuple[str, ...]


_HEALTH = many(record(HealthIssue, code=("code", text), message="message", resource_ids=("resourceIds", texts)))
_SUPPORT = many(
    record(
        VersionSupport,
        version=("clusterVersion", text),
        status=("versionStatus", text),
        standard_until=("endOfStandardSupportDate", optional_moment),
        extended_until=("endOfExtendedSupportDate", optional_moment),
    )
)


def _without_scheme(value: Any) -> str | None:
    url = optional_text(value)
    return url.removeprefix("https://") if url else None


class Cluster(Resource):
    """A Kubernetes cluster: in a region, or local on an Outpost."""

    service: ClassVar[str] = "eks"
    type: ClassVar[str] = "AWS::EKS::Cluster"
    listing: ClassVar[Call] = LIST
    label: ClassVar[str] = "name"

    name = Fact(LIST, "@", text, "The cluster's name.")
    status = Fact(DESCRIBE, "status", text, "CREATING, ACTIVE, UPDATING, DELETING, FAILED or PENDING.")
    version = Fact(DESCRIBE, "version", optional_text, "Kubernetes version, such as 1.33.")
    created_at = Fact(DESCRIBE, "createdAt", optional_moment, "When it was made.")
    tags = Fact(DESCRIBE, "tags", tag_map, "The cluster's tags.")
    role_arn = Fact(DESCRIBE, "roleArn", optional_text, "The IAM role of the control plane.")
    issuer = Fact(
        DESCRIBE,
        "identity.oidc.issuer",
        _without_scheme,
        "Who signs the tokens of its pods, without ``https://``; unset for local clusters.",
    )
    outpost_arns = Fact(DESCRIBE, "outpostConfig.outpostArns", texts, "Where a local cluster runs; empty in a region.")
    connector = Fact(
        DESCRIBE, "connectorConfig.provider", optional_text, "Who runs a connected cluster; None if AWS does."
    )
    vpc_id = Fact(DESCRIBE, "resourcesVpcConfig.vpcId", optional_text, "The VPC.")
    subnet_ids = Fact(DESCRIBE, "resourcesVpcConfig.subnetIds", texts, "Where the control plane's interfaces are.")
    cluster_security_group_id = Fact(
        DESCRIBE,
        "resourcesVpcConfig.clusterSecurityGroupId",
        optional_text,
        "The group that EKS made; the control plane and managed nodes wear it.",
    )
    security_group_ids = Fact(
        DESCRIBE, "resourcesVpcConfig.securityGroupIds", texts, "More groups of the control plane's interfaces."
    )
    public_endpoint = Fact(
        DESCRIBE, "resourcesVpcConfig.endpointPublicAccess", optional_flag, "The API answers on the internet."
    )
    private_endpoint = Fact(
        DESCRIBE, "resourcesVpcConfig.endpointPrivateAccess", flag, "The API answers in the VPC; AWS's default is no."
    )
    public_cidrs = Fact(
        DESCRIBE,
        "resourcesVpcConfig.publicAccessCidrs",
        texts,
        "Who may reach the public endpoint; empty means everybody.",
    )
    ip_family = Fact(DESCRIBE, "kubernetesNetworkConfig.ipFamily", optional_text, "ipv4 or ipv6.")
    log_setups = Fact(
        DESCRIBE,
        "logging.clusterLogging",
        many(record(LogSetup, types=("types", texts), enabled=("enabled", flag))),
        "Control-plane logs: api, audit, authenticator, controllerManager, scheduler.",
    )
    encryption = Fact(
        DESCRIBE,
        "encryptionConfig",
        many(record(EnvelopeEncryption, resources=("resources", texts), key_arn="provider.keyArn")),
        "What a customer's key encrypts in etcd.",
    )
    authentication_mode = Fact(
        DESCRIBE, "accessConfig.authenticationMode", optional_text, "API, API_AND_CONFIG_MAP or CONFIG_MAP."
    )
    auto_mode = Fact(DESCRIBE, "computeConfig.enabled", flag, "EKS Auto Mode runs the nodes.")
    auto_node_role_arn = Fact(DESCRIBE, "computeConfig.nodeRoleArn", optional_text, "The role of Auto Mode's nodes.")
    hybrid_networks = Fact(
        DESCRIBE,
        "remoteNetworkConfig.remoteNodeNetworks[].cidrs[]",
        texts,
        "CIDR blocks of hybrid nodes; empty means that there can be none.",
    )
    deletion_protection = Fact(DESCRIBE, "deletionProtection", flag, "It cannot be deleted; AWS's default is no.")
    health_issues = Fact(DESCRIBE, "health.issues", _HEALTH, "What AWS says is wrong; local clusters were the first.")
    vpc_cni = Fact(VPC_CNI, "addonName", optional_text, "``vpc-cni``; None where EKS does not manage that add-on.")
    network_policy = Fact(
        VPC_CNI,
        "configurationValues",
        setting("enableNetworkPolicy", flag),
        "vpc-cni enforces network policies; AWS's default is no.",
    )
    support = Fact(VERSION, "@", _SUPPORT, "AWS's support of the version; empty if AWS does not know the version.")

    @property
    def arn(self) -> str:
        """The cluster's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:eks:{self.region}:{self.account}:cluster/{self.name}"


class Nodegroup(Resource):
    """A managed node group of a cluster."""

    service: ClassVar[str] = "eks"
    type: ClassVar[str] = "AWS::EKS::Nodegroup"
    listing: ClassVar[Call] = LIST_NODEGROUPS
    parent: ClassVar[Kind] = Cluster
    label: ClassVar[str] = "name"

    name = Fact(LIST_NODEGROUPS, "@", text, "The group's name, unique in its cluster.")
    arn = Fact(DESCRIBE_NODEGROUP, "nodegroupArn", text, "The group's ARN; it ends in a random id.")
    cluster_name = Fact(DESCRIBE_NODEGROUP, "clusterName", text, "The cluster.")
    status = Fact(
        DESCRIBE_NODEGROUP,
        "status",
        text,
        "CREATING, ACTIVE, UPDATING, DELETING, CREATE_FAILED, DELETE_FAILED or DEGRADED.",
    )
    version = Fact(DESCRIBE_NODEGROUP, "version", optional_text, "Kubernetes version of the nodes, such as 1.33.")
    release_version = Fact(
        DESCRIBE_NODEGROUP,
        "releaseVersion",
        optional_text,
        "AMI release, such as 1.33.5-20260904; the AMI's id where ami_type is CUSTOM.",
    )
    ami_type = Fact(DESCRIBE_NODEGROUP, "amiType", optional_text, "Such as AL2023_x86_64_STANDARD or CUSTOM.")
    capacity_type = Fact(DESCRIBE_NODEGROUP, "capacityType", optional_text, "ON_DEMAND, SPOT or CAPACITY_BLOCK.")
    instance_types = Fact(DESCRIBE_NODEGROUP, "instanceTypes", texts, "Empty where the launch template says.")
    min_size = Fact(DESCRIBE_NODEGROUP, "scalingConfig.minSize", optional_integer, "Fewest nodes.")
    max_size = Fact(DESCRIBE_NODEGROUP, "scalingConfig.maxSize", optional_integer, "Most nodes.")
    desired_size = Fact(DESCRIBE_NODEGROUP, "scalingConfig.desiredSize", optional_integer, "Wanted nodes.")
    subnet_ids = Fact(DESCRIBE_NODEGROUP, "subnets", texts, "Where nodes are started.")
    node_role_arn = Fact(DESCRIBE_NODEGROUP, "nodeRole", optional_text, "The IAM role of the nodes.")
    ssh_key = Fact(DESCRIBE_NODEGROUP, "remoteAccess.ec2SshKey", optional_text, "Key pair; None without remote access.")
    ssh_source_group_ids = Fact(
        DESCRIBE_NODEGROUP,
        "remoteAccess.sourceSecurityGroups",
        texts,
        "Who may reach SSH; empty means everybody, if there is a key.",
    )
    remote_access_group_id = Fact(
        DESCRIBE_NODEGROUP,
        "resources.remoteAccessSecurityGroup",
        optional_text,
        "The security group that EKS made for remote access.",
    )
    autoscaling_groups = Fact(
        DESCRIBE_NODEGROUP, "resources.autoScalingGroups[].name", texts, "Names of its auto scaling groups."
    )
    launch_template_id = Fact(
        DESCRIBE_NODEGROUP, "launchTemplate.id", optional_text, "The user's own template; None if EKS made one."
    )
    launch_template_version = Fact(DESCRIBE_NODEGROUP, "launchTemplate.version", optional_text, "Its version.")
    disk_size = Fact(
        DESCRIBE_NODEGROUP, "diskSize", optional_integer, "Root volume in GiB; None where the launch template says."
    )
    labels = Fact(DESCRIBE_NODEGROUP, "labels", tag_map, "Kubernetes labels of the nodes.")
    taints = Fact(
        DESCRIBE_NODEGROUP,
        "taints",
        many(record(Taint, key=("key", text), value="value", effect=("effect", text))),
        "Kubernetes taints of the nodes.",
    )
    health_issues = Fact(DESCRIBE_NODEGROUP, "health.issues", _HEALTH, "What AWS says is wrong.")
    tags = Fact(DESCRIBE_NODEGROUP, "tags", tag_map, "The group's tags; nodes do not inherit them.")
    support = Fact(
        NODEGROUP_VERSION, "@", _SUPPORT, "AWS's support of the version; empty if AWS does not know the version."
    )
    template_error = Fact(
        NODEGROUP_TEMPLATE, "error_code", optional_text, "Why the launch template cannot be read; None if it can."
    )
    template_metadata = Fact(
        NODEGROUP_TEMPLATE,
        "MetadataOptions",
        METADATA_OPTIONS,
        "What it says of instance metadata; None leaves it open.",
    )
    template_image_id = Fact(NODEGROUP_TEMPLATE, "ImageId", optional_text, "The user's own AMI; None if EKS chooses.")
    template_interfaces = Fact(
        NODEGROUP_TEMPLATE,
        "NetworkInterfaces",
        many(
            record(
                NetworkInterface,
                public_address=("AssociatePublicIpAddress", optional_flag),
                group_ids=("Groups", texts),
            )
        ),
        "Network interfaces of the launch template.",
    )
    image_created = Fact(
        NODEGROUP_IMAGE,
        "CreationDate",
        optional_moment,
        "When the user's own AMI was made; None where EKS chooses the AMI, or it cannot be described any more.",
    )


class FargateProfile(Resource):
    """A profile that says which pods of a cluster run on Fargate."""

    service: ClassVar[str] = "eks"
    type: ClassVar[str] = "AWS::EKS::FargateProfile"
    listing: ClassVar[Call] = LIST_FARGATE_PROFILES
    parent: ClassVar[Kind] = Cluster
    label: ClassVar[str] = "name"

    name = Fact(LIST_FARGATE_PROFILES, "@", text, "The profile's name, unique in its cluster.")
    arn = Fact(DESCRIBE_FARGATE_PROFILE, "fargateProfileArn", text, "The profile's ARN; it ends in a random id.")
    status = Fact(
        DESCRIBE_FARGATE_PROFILE, "status", text, "CREATING, ACTIVE, DELETING, CREATE_FAILED or DELETE_FAILED."
    )
    pod_role_arn = Fact(DESCRIBE_FARGATE_PROFILE, "podExecutionRoleArn", optional_text, "The role that starts pods.")
    subnet_ids = Fact(DESCRIBE_FARGATE_PROFILE, "subnets", texts, "Where pods run; private ones only.")


class AccessEntry(Resource):
    """What lets an IAM principal into a cluster."""

    service: ClassVar[str] = "eks"
    type: ClassVar[str] = "AWS::EKS::AccessEntry"
    listing: ClassVar[Call] = LIST_ACCESS_ENTRIES
    parent: ClassVar[Kind] = Cluster
    label: ClassVar[str] = "principal_arn"

    principal_arn = Fact(LIST_ACCESS_ENTRIES, "@", text, "The role or user, or the account's root.")
    arn = Fact(DESCRIBE_ACCESS_ENTRY, "accessEntryArn", text, "The entry's ARN; it ends in a random id.")
    entry_type = Fact(
        DESCRIBE_ACCESS_ENTRY,
        "type",
        text,
        "STANDARD, or a kind of node: EC2, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, HYPERPOD_LINUX.",
    )
    kubernetes_groups = Fact(DESCRIBE_ACCESS_ENTRY, "kubernetesGroups", texts, "Groups that RBAC bindings may name.")
    policies = Fact(
        ACCESS_POLICIES,
        "@",
        many(
            record(
                AccessPolicy,
                arn=("policyArn", text),
                scope=("accessScope.type", text),
                namespaces=("accessScope.namespaces", texts),
            )
        ),
        "Access policies of a STANDARD entry; read for no other.",
    )


class PodIdentityAssociation(Resource):
    """What gives pods of a service account the rights of a role."""

    service: ClassVar[str] = "eks"
    type: ClassVar[str] = "AWS::EKS::PodIdentityAssociation"
    listing: ClassVar[Call] = LIST_POD_IDENTITIES
    parent: ClassVar[Kind] = Cluster

    arn = Fact(LIST_POD_IDENTITIES, "associationArn", text, "The association's ARN; it ends in a random id.")
    cluster_name = Fact(LIST_POD_IDENTITIES, "clusterName", text, "The cluster.")
    namespace = Fact(LIST_POD_IDENTITIES, "namespace", text, "The Kubernetes namespace of the service account.")
    service_account = Fact(LIST_POD_IDENTITIES, "serviceAccount", text, "The Kubernetes service account.")
    owner_arn = Fact(LIST_POD_IDENTITIES, "ownerArn", optional_text, "The add-on that made it; unset for your own.")
    role_arn = Fact(DESCRIBE_POD_IDENTITY, "roleArn", text, "The role that EKS assumes for the pods.")
    target_role_arn = Fact(
        DESCRIBE_POD_IDENTITY,
        "targetRoleArn",
        optional_text,
        "The role that this one assumes in turn, and whose credentials the pods get; unset where they get its own.",
    )
    external_id = Fact(
        DESCRIBE_POD_IDENTITY, "externalId", optional_text, "The external id sent to the target role; unset without."
    )
    disable_session_tags = Fact(
        DESCRIBE_POD_IDENTITY, "disableSessionTags", flag, "The session has no tags of cluster, namespace and account."
    )
    policy = Fact(
        DESCRIBE_POD_IDENTITY, "policy", document, "A session policy that narrows the role's rights; unset without."
    )


class Addon(Resource):
    """An add-on that EKS manages in a cluster."""

    service: ClassVar[str] = "eks"
    type: ClassVar[str] = "AWS::EKS::Addon"
    listing: ClassVar[Call] = LIST_ADDONS
    parent: ClassVar[Kind] = Cluster
    label: ClassVar[str] = "name"

    name = Fact(LIST_ADDONS, "@", text, "Such as vpc-cni or coredns.")
    arn = Fact(DESCRIBE_ADDON, "addonArn", text, "The add-on's ARN; it ends in a random id.")
    status = Fact(DESCRIBE_ADDON, "status", text, "ACTIVE, DEGRADED, UPDATING, CREATE_FAILED and the like.")
    version = Fact(DESCRIBE_ADDON, "addonVersion", optional_text, "Such as v1.20.4-eksbuild.1.")
