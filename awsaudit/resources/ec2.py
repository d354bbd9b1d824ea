"""
Amazon EC2: networks, instances and what decides who reaches them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Resource
from awsaudit.parser import (
    document,
    flag,
    integer,
    many,
    moment,
    optional_flag,
    optional_integer,
    optional_moment,
    optional_text,
    record,
    tags,
    text,
    texts,
)
from awsaudit.user_data import user_data


def _arn(resource: Resource, kind: str, id_: str) -> str:
    return f"arn:{resource.partition}:ec2:{resource.region}:{resource.account}:{kind}/{id_}"


VPCS = Call("DescribeVpcs", result="Vpcs[]")


class Vpc(Resource):
    """A virtual private cloud."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::VPC"
    listing: ClassVar[Call] = VPCS
    label: ClassVar[str] = "id"

    id = Fact(VPCS, "VpcId", text, "The VPC's id.")
    owner = Fact(VPCS, "OwnerId", text, "The account that it belongs to; another one where it is shared with this one.")
    cidrs = Fact(VPCS, "CidrBlockAssociationSet[].CidrBlock", texts, "Its IPv4 address ranges.")
    is_default = Fact(VPCS, "IsDefault", flag, "The VPC is the region's default one.")
    tags = Fact(VPCS, "Tags", tags, "The VPC's tags.")

    @property
    def arn(self) -> str:
        """The VPC's ARN."""
        return _arn(self, "vpc", self.id)


SUBNETS = Call("DescribeSubnets", result="Subnets[]")


class Subnet(Resource):
    """A subnet of a VPC."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::Subnet"
    listing: ClassVar[Call] = SUBNETS
    label: ClassVar[str] = "id"

    id = Fact(SUBNETS, "SubnetId", text, "The subnet's id.")
    vpc_id = Fact(SUBNETS, "VpcId", text, "The VPC that it is in.")
    cidr = Fact(SUBNETS, "CidrBlock", optional_text, "Its IPv4 address range; unset for IPv6 alone.")
    zone = Fact(SUBNETS, "AvailabilityZone", text, "The availability zone's name, which differs between accounts.")
    zone_id = Fact(SUBNETS, "AvailabilityZoneId", text, "The availability zone's id, the same in all accounts.")
    public_ipv4 = Fact(SUBNETS, "MapPublicIpOnLaunch", flag, "Instances get a public IPv4 address at launch.")
    public_ipv6 = Fact(SUBNETS, "AssignIpv6AddressOnCreation", flag, "Interfaces get an IPv6 address when made.")
    outpost_arn = Fact(SUBNETS, "OutpostArn", optional_text, "The Outpost that it is on; unset in a region's zones.")
    owner = Fact(
        SUBNETS, "OwnerId", text, "The account that it belongs to; another one where it is shared with this one."
    )
    is_default = Fact(SUBNETS, "DefaultForAz", flag, "It is the default one of its availability zone.")

    @property
    def arn(self) -> str:
        """The subnet's ARN."""
        return _arn(self, "subnet", self.id)


ZONES = Call("DescribeAvailabilityZones", result="AvailabilityZones[]")


class AvailabilityZone(Resource):
    """An availability zone, Local Zone or Wavelength Zone that the account may use."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::AvailabilityZone"
    listing: ClassVar[Call] = ZONES
    label: ClassVar[str] = "id"

    id = Fact(ZONES, "ZoneId", text, "The zone's id, the same in all accounts.")
    kind = Fact(ZONES, "ZoneType", text, "``availability-zone``, ``local-zone`` or ``wavelength-zone``.")

    @property
    def arn(self) -> str:
        """What stands for an ARN."""
        return _arn(self, "availability-zone", self.id)


@frozen
class Route:
    """
    One route of a table.

    Args:
        ipv4: The IPv4 destination, as a CIDR block; None for another kind.

        ipv6: The IPv6 destination, as a CIDR block; None for another kind.

        prefix_list: The prefix list that is the destination; None for another kind.

        gateway: The internet, virtual private or local gateway or endpoint; None for another kind of target.

        nat_gateway: The NAT gateway; None for another kind of target.

        transit_gateway: The transit gateway; None for another kind of target.

        peering: The VPC peering connection; None for another kind of target.

        active: Whether the target is there; a route to a deleted one is a black hole.
    """

    ipv4: str | None
    ipv6: str | None
    prefix_list: str | None
    gateway: str | None
    nat_gateway: str | None
    transit_gateway: str | None
    peering: str | None
    active: bool


@frozen
class Association:
    """
    What a route table or network ACL holds for.

    Args:
        subnet_id: The subnet; None for a VPC's main table, or a gateway.

        main: Whether the table is the VPC's main one.
    """

    subnet_id: str | None
    main: bool


def _active(value: object) -> bool:
    return value == "active"


ROUTE_TABLES = Call("DescribeRouteTables", result="RouteTables[]")


class RouteTable(Resource):
    """A route table of a VPC."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::RouteTable"
    listing: ClassVar[Call] = ROUTE_TABLES
    label: ClassVar[str] = "id"

    id = Fact(ROUTE_TABLES, "RouteTableId", text, "The table's id.")
    vpc_id = Fact(ROUTE_TABLES, "VpcId", text, "The VPC that it is in.")
    associations = Fact(
        ROUTE_TABLES,
        "Associations",
        many(record(Association, subnet_id="SubnetId", main=("Main", flag))),
        "The subnets that it holds for, and whether it is the VPC's main table.",
    )
    routes = Fact(
        ROUTE_TABLES,
        "Routes",
        many(
            record(
                Route,
                ipv4="DestinationCidrBlock",
                ipv6="DestinationIpv6CidrBlock",
                prefix_list="DestinationPrefixListId",
                gateway="GatewayId",
                nat_gateway="NatGatewayId",
                transit_gateway="TransitGatewayId",
                peering="VpcPeeringConnectionId",
                active=("State", _active),
            )
        ),
        "The routes.",
    )

    @property
    def arn(self) -> str:
        """The table's ARN."""
        return _arn(self, "route-table", self.id)


@frozen
class Peer:
    """
    One side of a VPC peering connection.

    Args:
        owner: The account that the VPC belongs to.

        vpc_id: The VPC.

        cidrs: Its address ranges, IPv4 and IPv6; none unless the connection is active.
    """

    owner: str
    vpc_id: str
    cidrs: tuple[str, ...]


_PEER = record(
    Peer,
    owner=("OwnerId", text),
    vpc_id=("VpcId", text),
    cidrs=("[CidrBlock, CidrBlockSet[].CidrBlock, Ipv6CidrBlockSet[].Ipv6CidrBlock][]", texts),
)
PEERINGS = Call("DescribeVpcPeeringConnections", result="VpcPeeringConnections[]")


class VpcPeering(Resource):
    """A connection between two VPCs, of which one at least is the account's."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::VPCPeeringConnection"
    listing: ClassVar[Call] = PEERINGS
    label: ClassVar[str] = "id"

    id = Fact(PEERINGS, "VpcPeeringConnectionId", text, "The connection's id.")
    state = Fact(PEERINGS, "Status.Code", text, "``active``, ``pending-acceptance``, ``deleted`` and so on.")
    requester = Fact(PEERINGS, "RequesterVpcInfo", _PEER, "The side that asked for it.")
    accepter = Fact(PEERINGS, "AccepterVpcInfo", _PEER, "The side that was asked.")

    @property
    def arn(self) -> str:
        """The connection's ARN."""
        return _arn(self, "vpc-peering-connection", self.id)


TRANSIT_GATEWAYS = Call("DescribeTransitGateways", result="TransitGateways[]")


class TransitGateway(Resource):
    """A transit gateway, of the account or shared with it."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::TransitGateway"
    listing: ClassVar[Call] = TRANSIT_GATEWAYS
    label: ClassVar[str] = "id"

    id = Fact(TRANSIT_GATEWAYS, "TransitGatewayId", text, "The gateway's id.")
    arn = Fact(TRANSIT_GATEWAYS, "TransitGatewayArn", text, "The gateway's ARN.")
    state = Fact(TRANSIT_GATEWAYS, "State", text, "``available``, ``pending``, ``deleted`` and so on.")
    owner = Fact(TRANSIT_GATEWAYS, "OwnerId", text, "The account that it belongs to.")
    auto_accept = Fact(
        TRANSIT_GATEWAYS,
        "Options.AutoAcceptSharedAttachments",
        text,
        "``enable`` or ``disable``: whether accounts that it is shared with attach VPCs without being asked.",
    )


@frozen
class Permission:
    """
    What one entry of a security group lets in.

    Args:
        protocol: ``tcp``, ``udp``, ``icmp``, a protocol number, or ``-1`` for all traffic.

        from_port: The first port; None for all traffic.

        to_port: The last port; None for all traffic.

        ipv4: IPv4 CIDR blocks that it admits.

        ipv6: IPv6 CIDR blocks that it admits.

        prefix_lists: Prefix lists that it admits.

        groups: Security groups that it admits.

        made_by_load_balancer: CIDR blocks that the load balancer controller of a cluster entered for itself.
    """

    protocol: str
    from_port: int | None
    to_port: int | None
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    prefix_lists: tuple[str, ...]
    groups: tuple[str, ...]
    made_by_load_balancer: tuple[str, ...]

    def covers(self, port: int, protocol: str = "tcp") -> bool:
        """Tell whether the entry is about *port* of *protocol*."""
        if self.protocol == "-1":
            return True
        if self.protocol not in {protocol, {"tcp": "6", "udp": "17"}.get(protocol, protocol)}:
            return False
        first = 0 if self.from_port is None else self.from_port
        last = first if self.to_port is None else self.to_port

        return first <= port <= last or first == -1


SECURITY_GROUPS = Call("DescribeSecurityGroups", result="SecurityGroups[]")
# The description is the only mark of whose rule it is; only its outcome is kept.
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
_LOAD_BALANCER_RULES = (
    "[IpRanges[?starts_with(not_null(Description, ''), 'kubernetes.io/rule/nlb/')].CidrIp, "
    "Ipv6Ranges[?starts_with(not_null(Description, ''), 'kubernetes.io/rule/nlb/')].CidrIpv6][]"
)


_PERMISSIONS = many(
    record(
        Permission,
        protocol=("IpProtocol", text),
        from_port=("FromPort", optional_integer),
        to_port=("ToPort", optional_integer),
        ipv4=("IpRanges[].CidrIp", texts),
        ipv6=("Ipv6Ranges[].CidrIpv6", texts),
        prefix_lists=("PrefixListIds[].PrefixListId", texts),
        groups=("UserIdGroupPairs[].GroupId", texts),
        made_by_load_balancer=(_LOAD_BALANCER_RULES, texts),
    )
)


class SecurityGroup(Resource):
    """A security group of a VPC."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::SecurityGroup"
    listing: ClassVar[Call] = SECURITY_GROUPS
    label: ClassVar[str] = "id"

    id = Fact(SECURITY_GROUPS, "GroupId", text, "The group's id.")
    name = Fact(SECURITY_GROUPS, "GroupName", text, "The group's name, unique in its VPC.")
    vpc_id = Fact(SECURITY_GROUPS, "VpcId", optional_text, "The VPC that it is in.")
    owner = Fact(SECURITY_GROUPS, "OwnerId", optional_text, "The account that it belongs to.")
    ingress = Fact(SECURITY_GROUPS, "IpPermissions", _PERMISSIONS, "What it lets in.")
    egress = Fact(SECURITY_GROUPS, "IpPermissionsEgress", _PERMISSIONS, "What it lets out.")

    @property
    def arn(self) -> str:
        """The group's ARN."""
        return _arn(self, "security-group", self.id)


PREFIX_LISTS = Call("DescribeManagedPrefixLists", result="PrefixLists[]")
ENTRIES = Call(
    "GetManagedPrefixListEntries",
    result="Entries[].Cidr",
    params={"PrefixListId": "$PrefixListId"},
    gone=("InvalidPrefixListID.NotFound",),
)


class PrefixList(Resource):
    """A managed prefix list: CIDR blocks under one name."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::PrefixList"
    listing: ClassVar[Call] = PREFIX_LISTS
    label: ClassVar[str] = "id"

    id = Fact(PREFIX_LISTS, "PrefixListId", text, "The list's id.")
    arn = Fact(PREFIX_LISTS, "PrefixListArn", text, "The list's ARN.")
    entries = Fact(ENTRIES, "@", texts, "The CIDR blocks.")


@frozen
class AclEntry:
    """
    One numbered rule of a network ACL.

    Args:
        number: Rules hold in ascending order; 32767 is the final refusal.

        egress: Whether it is about traffic that leaves.

        allow: Whether it lets the traffic through.

        protocol: A protocol number; ``-1`` for all.

        ipv4: The IPv4 CIDR block; None for IPv6.

        ipv6: The IPv6 CIDR block; None for IPv4.

        from_port: The first port; None for all.

        to_port: The last port; None for all.
    """

    number: int
    egress: bool
    allow: bool
    protocol: str
    ipv4: str | None
    ipv6: str | None
    from_port: int | None
    to_port: int | None


def _allow(value: object) -> bool:
    return value == "allow"


NETWORK_ACLS = Call("DescribeNetworkAcls", result="NetworkAcls[]")


class NetworkAcl(Resource):
    """A network access control list of a VPC."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::NetworkAcl"
    listing: ClassVar[Call] = NETWORK_ACLS
    label: ClassVar[str] = "id"

    id = Fact(NETWORK_ACLS, "NetworkAclId", text, "The list's id.")
    is_default = Fact(NETWORK_ACLS, "IsDefault", flag, "It is the default one of its VPC.")
    subnet_ids = Fact(NETWORK_ACLS, "Associations[].SubnetId", texts, "The subnets that it holds for.")
    entries = Fact(
        NETWORK_ACLS,
        "Entries",
        many(
            record(
                AclEntry,
                number=("RuleNumber", integer),
                egress=("Egress", flag),
                allow=("RuleAction", _allow),
                protocol=("Protocol", text),
                ipv4="CidrBlock",
                ipv6="Ipv6CidrBlock",
                from_port=("PortRange.From", optional_integer),
                to_port=("PortRange.To", optional_integer),
            )
        ),
        "The rules.",
    )

    @property
    def arn(self) -> str:
        """The list's ARN."""
        return _arn(self, "network-acl", self.id)


BLOCK_PUBLIC_ACCESS = Call("DescribeVpcBlockPublicAccessOptions", result="VpcBlockPublicAccessOptions")


class BlockPublicAccess(Resource):
    """VPC Block Public Access of a region: whether internet gateways pass traffic at all."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::VPCBlockPublicAccessOptions"

    mode = Fact(
        BLOCK_PUBLIC_ACCESS,
        "InternetGatewayBlockMode",
        optional_text,
        "``off``, ``block-bidirectional`` or ``block-ingress``; unset where it was never switched on.",
    )
    exclusions = Fact(
        BLOCK_PUBLIC_ACCESS, "ExclusionsAllowed", optional_text, "Whether VPCs and subnets may be exempt: ``allowed``."
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return _arn(self, "vpc-block-public-access-options", self.account)


EXCLUSIONS = Call("DescribeVpcBlockPublicAccessExclusions", result="VpcBlockPublicAccessExclusions[]")


class BlockPublicAccessExclusion(Resource):
    """A VPC or subnet that is exempt from VPC Block Public Access."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::VPCBlockPublicAccessExclusion"
    listing: ClassVar[Call] = EXCLUSIONS
    label: ClassVar[str] = "id"

    id = Fact(EXCLUSIONS, "ExclusionId", text, "The exclusion's id.")
    resource_arn = Fact(EXCLUSIONS, "ResourceArn", text, "The VPC or subnet.")
    mode = Fact(EXCLUSIONS, "InternetGatewayExclusionMode", text, "``allow-bidirectional`` or ``allow-egress``.")
    state = Fact(EXCLUSIONS, "State", text, "``create-complete``, ``update-complete`` and so on.")

    @property
    def arn(self) -> str:
        """The exclusion's ARN."""
        return _arn(self, "vpc-block-public-access-exclusion", self.id)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html (managed ones are hidden else)
INTERFACES = Call(
    "DescribeNetworkInterfaces",
    result="NetworkInterfaces[]",
    params={"IncludeManagedResources": True},
    page_size=("MaxResults", 1000),
)


class NetworkInterface(Resource):
    """A network interface: of an instance, a database, a function, a load balancer or anything else in a VPC."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::NetworkInterface"
    listing: ClassVar[Call] = INTERFACES
    label: ClassVar[str] = "id"

    id = Fact(INTERFACES, "NetworkInterfaceId", text, "The interface's id.")
    subnet_id = Fact(INTERFACES, "SubnetId", optional_text, "The subnet that it is in.")
    vpc_id = Fact(INTERFACES, "VpcId", optional_text, "The VPC that it is in.")
    security_groups = Fact(INTERFACES, "Groups[].GroupId", texts, "The ids of its security groups.")
    instance_id = Fact(
        INTERFACES, "Attachment.InstanceId", optional_text, "The instance that it is attached to, if any."
    )
    kind = Fact(INTERFACES, "InterfaceType", optional_text, "``interface``, ``lambda``, ``nat_gateway`` and so on.")
    description = Fact(INTERFACES, "Description", optional_text, "What made it says here what it is for.")
    managed = Fact(INTERFACES, "Operator.Managed", flag, "AWS runs it; its owner cannot change it.")
    public_ips = Fact(
        INTERFACES,
        "[Association.PublicIp, PrivateIpAddresses[].Association.PublicIp][]",
        texts,
        "Its public IPv4 addresses.",
    )
    private_ips = Fact(INTERFACES, "PrivateIpAddresses[].PrivateIpAddress", texts, "Its private IPv4 addresses.")
    ipv6 = Fact(INTERFACES, "Ipv6Addresses[].Ipv6Address", texts, "Its IPv6 addresses.")

    @property
    def arn(self) -> str:
        """The interface's ARN."""
        return _arn(self, "network-interface", self.id)


ENDPOINTS = Call("DescribeVpcEndpoints", result="VpcEndpoints[]")


class VpcEndpoint(Resource):
    """An endpoint of a VPC to a service."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::VPCEndpoint"
    listing: ClassVar[Call] = ENDPOINTS
    label: ClassVar[str] = "id"

    id = Fact(ENDPOINTS, "VpcEndpointId", text, "The endpoint's id.")
    vpc_id = Fact(ENDPOINTS, "VpcId", text, "The VPC that it is in.")
    service_name = Fact(ENDPOINTS, "ServiceName", text, "The service, such as ``com.amazonaws.eu-west-1.ecr.api``.")
    kind = Fact(ENDPOINTS, "VpcEndpointType", optional_text, "``Interface``, ``Gateway`` and others.")
    # The API answers in lower case, its model says Available.
    state = Fact(ENDPOINTS, "State", text, "``available`` once it works, in either case of letters.")
    private_dns = Fact(ENDPOINTS, "PrivateDnsEnabled", flag, "The service's own name resolves to the endpoint.")
    policy = Fact(
        ENDPOINTS, "PolicyDocument", document, "What it lets through; unset for kinds of endpoint that take no policy."
    )
    subnet_ids = Fact(ENDPOINTS, "SubnetIds", texts, "The subnets of an interface endpoint.")
    security_groups = Fact(ENDPOINTS, "Groups[].GroupId", texts, "The security groups of an interface endpoint.")
    route_table_ids = Fact(ENDPOINTS, "RouteTableIds", texts, "The route tables of a gateway endpoint.")

    @property
    def arn(self) -> str:
        """The endpoint's ARN."""
        return _arn(self, "vpc-endpoint", self.id)


@frozen
class MetadataOptions:
    """
    How an instance serves its metadata, credentials among them.

    Args:
        endpoint: ``enabled`` or ``disabled``; None where it is not said.

        tokens: ``required`` for IMDSv2 alone, or ``optional``; None where it is not said.

        hop_limit: How many hops the answer to a token request may take; None where it is not said.
    """

    endpoint: str | None
    tokens: str | None
    hop_limit: int | None


METADATA_OPTIONS = record(
    MetadataOptions,
    endpoint="HttpEndpoint",
    tokens="HttpTokens",
    hop_limit=("HttpPutResponseHopLimit", optional_integer),
)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html (managed instances are hidden else)
INSTANCES = Call(
    "DescribeInstances",
    result="Reservations[].Instances[]",
    params={
        "Filters": [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}],
        "IncludeManagedResources": True,
    },
)
NO_IMAGE = ("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable")
"""What AWS answers about an AMI that is deregistered or no longer shared."""
NODE_IMAGE = Call(
    "DescribeImages",
    result="Images[0]",
    params={"ImageIds": ["$ImageId"], "IncludeDeprecated": True, "IncludeDisabled": True},
    when="$Tags[?Key=='eks:nodegroup-name'].Value | [0]",
    absent=NO_IMAGE,
)

# What an instance was started from is told even where nobody sees the AMI any more.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceImageMetadata.html
LAUNCH_IMAGE = Call(
    "DescribeInstanceImageMetadata",
    result="InstanceImageMetadata[]",
    batch=Batch("InstanceIds", 100, each="$InstanceId", key="InstanceId", value="$InstanceId"),
)

# No listing tells, and an instance without any tag is no node that somebody named.
TERMINATION = Call(
    "DescribeInstanceAttribute",
    result="DisableApiTermination.Value",
    params={"InstanceId": "$InstanceId", "Attribute": "disableApiTermination"},
    when="$Tags[0].Key",
    gone=("InvalidInstanceID.NotFound",),
)

# A group starts its instances with the user data of its template's version, which is read there.
USER_DATA = Call(
    "DescribeInstanceAttribute",
    result="UserData",
    params={"InstanceId": "$InstanceId", "Attribute": "userData"},
    when="$!(Operator.Managed || (Tags[?Key=='aws:autoscaling:groupName'] && Tags[?Key=='aws:ec2launchtemplate:version']))",
    gone=("InvalidInstanceID.NotFound",),
)


@frozen
class Disk:
    """
    A volume of an instance.

    Args:
        device: The name of the device.

        volume_id: The volume's id.

        ends: Whether it is deleted with the instance.
    """

    device: str
    volume_id: str
    ends: bool = False


class Instance(Resource):
    """An EC2 instance that is not terminated."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::Instance"
    listing: ClassVar[Call] = INSTANCES
    label: ClassVar[str] = "id"

    id = Fact(INSTANCES, "InstanceId", text, "The instance's id.")
    state = Fact(INSTANCES, "State.Name", text, "``running``, ``stopped`` and so on.")
    image_id = Fact(INSTANCES, "ImageId", text, "The AMI that it was started from.")
    platform = Fact(INSTANCES, "Platform", optional_text, "``windows``; unset for everything else.")
    public_ip = Fact(INSTANCES, "PublicIpAddress", optional_text, "Its public IPv4 address; unset without one.")
    subnet_id = Fact(INSTANCES, "SubnetId", optional_text, "The subnet that it is in.")
    vpc_id = Fact(INSTANCES, "VpcId", optional_text, "The VPC that it is in.")
    zone = Fact(INSTANCES, "Placement.AvailabilityZone", optional_text, "The availability zone.")
    security_groups = Fact(INSTANCES, "SecurityGroups[].GroupId", texts, "The ids of its security groups.")
    profile_arn = Fact(INSTANCES, "IamInstanceProfile.Arn", optional_text, "The ARN of its instance profile.")
    metadata = Fact(INSTANCES, "MetadataOptions", METADATA_OPTIONS, "How it serves its metadata.")
    enclave = Fact(INSTANCES, "EnclaveOptions.Enabled", flag, "It may run a Nitro enclave.")
    managed = Fact(INSTANCES, "Operator.Managed", flag, "AWS runs it (EKS Auto Mode, ECS); its owner cannot change it.")
    launched = Fact(INSTANCES, "LaunchTime", moment, "When it was started last.")
    tags = Fact(INSTANCES, "Tags", tags, "The instance's tags.")
    size = Fact(INSTANCES, "InstanceType", optional_text, "The instance type, such as ``m7i.large``.")
    lifecycle = Fact(INSTANCES, "InstanceLifecycle", optional_text, "``spot`` and so on; unset for on demand.")
    public_ips = Fact(
        INSTANCES,
        "[PublicIpAddress, NetworkInterfaces[].Association.PublicIp, "
        "NetworkInterfaces[].PrivateIpAddresses[].Association.PublicIp][]",
        texts,
        "Its public IPv4 addresses, those of further interfaces and addresses among them.",
    )
    carrier_ips = Fact(
        INSTANCES, "NetworkInterfaces[].Association.CarrierIp", texts, "Its addresses in the networks of carriers."
    )
    ipv6_subnets = Fact(
        INSTANCES, "NetworkInterfaces[?Ipv6Addresses[0]].SubnetId", texts, "The subnets where it has IPv6 addresses."
    )
    root_device = Fact(INSTANCES, "RootDeviceName", optional_text, "The name of the device that it is started from.")
    disks = Fact(
        INSTANCES,
        "BlockDeviceMappings[?Ebs.VolumeId]",
        many(
            record(
                Disk,
                device=("DeviceName", text),
                volume_id=("Ebs.VolumeId", text),
                ends=("Ebs.DeleteOnTermination", flag),
            )
        ),
        "Its volumes.",
    )
    kept = Fact(
        TERMINATION, "@", optional_flag, "It is protected against termination; unset for an instance without tags."
    )
    user_data = Fact(
        USER_DATA,
        "@",
        user_data("Value"),
        "Secrets and clients of a chain in its user data; unset without any, for what AWS runs, and for what an Auto Scaling "
        "group started from a launch template.",
    )
    image_created = Fact(
        NODE_IMAGE,
        "CreationDate",
        optional_moment,
        "When the AMI of a node of a managed group was made; None for other instances, and if nobody can see the AMI.",
    )

    image_owner = Fact(
        LAUNCH_IMAGE,
        "ImageMetadata.OwnerId",
        optional_text,
        "The account that owns the AMI; unset where AWS cannot tell.",
    )
    image_owner_alias = Fact(
        LAUNCH_IMAGE,
        "ImageMetadata.ImageOwnerAlias",
        optional_text,
        "``amazon``, ``aws-marketplace`` or ``aws-backup-vault``; unset for other owners.",
    )
    image_public = Fact(
        LAUNCH_IMAGE, "ImageMetadata.IsPublic", optional_flag, "Whether everybody may start the AMI; unset if untold."
    )

    @property
    def arn(self) -> str:
        """The instance's ARN."""
        return _arn(self, "instance", self.id)


IMAGES = Call("DescribeImages", result="Images[]", params={"Owners": ["self"]})


class Image(Resource):
    """An Amazon Machine Image of the account."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::Image"
    listing: ClassVar[Call] = IMAGES
    label: ClassVar[str] = "id"

    id = Fact(IMAGES, "ImageId", text, "The image's id.")
    name = Fact(IMAGES, "Name", optional_text, "The image's name.")
    created = Fact(IMAGES, "CreationDate", moment, "When it was made.")
    public = Fact(IMAGES, "Public", optional_flag, "Whether everyone may start it.")

    @property
    def arn(self) -> str:
        """The image's ARN."""
        return f"arn:{self.partition}:ec2:{self.region}::image/{self.id}"


VOLUMES = Call(
    "DescribeVolumes",
    result="Volumes[]",
    params={"IncludeManagedResources": True},
    page_size=("MaxResults", 500),
)


class Volume(Resource):
    """A volume of EBS."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::Volume"
    listing: ClassVar[Call] = VOLUMES
    label: ClassVar[str] = "id"

    id = Fact(VOLUMES, "VolumeId", text, "The volume's id.")
    kind = Fact(VOLUMES, "VolumeType", optional_text, "``gp3``, ``io2`` and so on.")
    gigabytes = Fact(VOLUMES, "Size", optional_integer, "Its size in GiB.")
    iops = Fact(VOLUMES, "Iops", optional_integer, "Operations per second that it is made for; unset for hard disks.")
    state = Fact(VOLUMES, "State", text, "``in-use``, ``available`` and so on.")
    encrypted = Fact(VOLUMES, "Encrypted", flag, "It is encrypted.")
    managed = Fact(VOLUMES, "Operator.Managed", flag, "AWS runs it; its owner cannot change it.")
    instance_ids = Fact(VOLUMES, "Attachments[].InstanceId", texts, "The instances that it is attached to.")
    tags = Fact(VOLUMES, "Tags", tags, "The volume's tags.")

    @property
    def arn(self) -> str:
        """The volume's ARN."""
        return _arn(self, "volume", self.id)


# There may be a hundred thousand: listed once, and only those that can be shared are asked for with whom they are.
SNAPSHOTS = Call(
    "DescribeSnapshots", result="Snapshots[]", params={"OwnerIds": ["self"]}, page_size=("MaxResults", 1000)
)
# What the key of AWS encrypts cannot be shared. Many snapshots have the same few keys, and equal questions are asked once.
# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
_KEY_ALIASES = Call(
    "ListAliases",
    service="kms",
    params={"KeyId": "$KmsKeyId"},
    answer_code=("NotFoundException", "InvalidArnException"),
)
_OF_PERMISSION = {"SnapshotId": "$SnapshotId", "Attribute": "createVolumePermission"}
PLAIN_PERMISSION = Call(
    "DescribeSnapshotAttribute",
    result="CreateVolumePermissions[].UserId",
    params=_OF_PERMISSION,
    when="$!Encrypted",
    gone=("InvalidSnapshot.NotFound",),
)
KEYED_PERMISSION = Call(
    "DescribeSnapshotAttribute",
    result="CreateVolumePermissions[].UserId",
    params=_OF_PERMISSION,
    when=From(_KEY_ALIASES, "!(Aliases[?AliasName=='alias/aws/ebs'])"),
    gone=("InvalidSnapshot.NotFound",),
)


class Snapshot(Resource):
    """A snapshot of a volume that the account owns."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::Snapshot"
    listing: ClassVar[Call] = SNAPSHOTS
    label: ClassVar[str] = "id"

    id = Fact(SNAPSHOTS, "SnapshotId", text, "The snapshot's id.")
    state = Fact(SNAPSHOTS, "State", text, "``completed``, ``pending`` or ``error``.")
    encrypted = Fact(SNAPSHOTS, "Encrypted", flag, "It is encrypted.")
    volume_id = Fact(SNAPSHOTS, "VolumeId", optional_text, "The volume that it was taken of.")
    started = Fact(SNAPSHOTS, "StartTime", moment, "When it was started: what it holds is of that moment.")
    plain_sharers = Fact(
        PLAIN_PERMISSION, "@", texts, "The accounts that it is shared with; none where it is encrypted."
    )
    keyed_sharers = Fact(
        KEYED_PERMISSION,
        "@",
        texts,
        "The accounts that it is shared with; none where it is not encrypted, or with AWS's own key for EBS.",
    )

    @property
    def shared_with(self) -> tuple[str, ...]:
        """The accounts that it is shared with."""
        return self.keyed_sharers if self.encrypted else self.plain_sharers

    @property
    def arn(self) -> str:
        """The snapshot's ARN."""
        return f"arn:{self.partition}:ec2:{self.region}::snapshot/{self.id}"


ENCRYPTION_DEFAULT = Call("GetEbsEncryptionByDefault")
SHARING_BLOCK = Call("GetSnapshotBlockPublicAccessState")
SHARED_SNAPSHOTS = Call(
    "DescribeSnapshots",
    result="Snapshots",
    params={"OwnerIds": ["self"], "RestorableByUserIds": ["all"]},
    page_size=("MaxResults", 1000),
)


class EbsSettings(Resource):
    """What a region does with all volumes and snapshots of EBS."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::EbsSettings"

    encrypts = Fact(ENCRYPTION_DEFAULT, "EbsEncryptionByDefault", flag, "New volumes and copies are encrypted.")
    block = Fact(
        SHARING_BLOCK,
        "State",
        text,
        "``block-all-sharing``, ``block-new-sharing`` or ``unblocked``: who may get snapshots.",
    )
    block_managed_by = Fact(SHARING_BLOCK, "ManagedBy", optional_text, "``account`` or ``declarative-policy``.")
    shared_snapshots = Fact(
        SHARED_SNAPSHOTS,
        "[].SnapshotId",
        texts,
        "The ids of snapshots that everybody may restore, unless all is blocked.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return _arn(self, "ebs-settings", self.account)

    @property
    def name(self) -> str:
        """The region."""
        return self.region


FLOW_LOGS = Call("DescribeFlowLogs", result="FlowLogs[]")


class FlowLog(Resource):
    """What records the traffic of a VPC, a subnet or a network interface."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::FlowLog"
    listing: ClassVar[Call] = FLOW_LOGS
    label: ClassVar[str] = "id"

    id = Fact(FLOW_LOGS, "FlowLogId", text, "The flow log's id.")
    resource_id = Fact(FLOW_LOGS, "ResourceId", text, "The VPC, subnet or interface.")
    status = Fact(FLOW_LOGS, "FlowLogStatus", optional_text, "``ACTIVE`` where it is on.")
    traffic = Fact(FLOW_LOGS, "TrafficType", optional_text, "``ALL``, ``REJECT`` or ``ACCEPT``.")
    delivery = Fact(FLOW_LOGS, "DeliverLogsStatus", optional_text, "``SUCCESS`` or ``FAILED``; unset before the first.")

    @property
    def arn(self) -> str:
        """The flow log's ARN."""
        return _arn(self, "vpc-flow-log", self.id)


METADATA_DEFAULTS = Call("GetInstanceMetadataDefaults", result="AccountLevel")


class MetadataDefaults(Resource):
    """How instances of a region serve their metadata, unless they or their AMI say otherwise."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::InstanceMetadataDefaults"

    tokens = Fact(
        METADATA_DEFAULTS, "HttpTokens", optional_text, "``required``, ``optional``, or unset: no preference."
    )
    enforced = Fact(
        METADATA_DEFAULTS,
        "HttpTokensEnforced",
        optional_text,
        "``enabled`` where instances that do not require tokens cannot be started.",
    )
    managed_by = Fact(METADATA_DEFAULTS, "ManagedBy", optional_text, "``account`` or ``declarative-policy``.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return _arn(self, "instance-metadata-defaults", self.account)
