"""Networks for tests of what the internet reaches."""

from awsaudit.resources.ec2 import (
    BLOCK_PUBLIC_ACCESS,
    ENTRIES,
    EXCLUSIONS,
    INSTANCES,
    INTERFACES,
    NETWORK_ACLS,
    PREFIX_LISTS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    Instance,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    RouteTable,
    SecurityGroup,
)
from awsaudit.resources.elbv2 import (
    LISTENERS,
    LOAD_BALANCERS,
    TARGET_GROUPS,
    TARGETS,
    Listener,
    LoadBalancer,
    TargetGroup,
)
from awsaudit.testing import fake


REGION = "eu-west-1"
OWN = "111122223333"
EC2 = f"arn:aws:ec2:{REGION}:{OWN}"
ELB = f"arn:aws:elasticloadbalancing:{REGION}:{OWN}"
VPC = "vpc-1"


def rule(port=None, *cidrs, protocol="tcp", to=None, lists=(), groups=()):
    """Return an entry of a security group; without a port it is about all traffic."""
    ports = {} if port is None else {"FromPort": port, "ToPort": to or port}
    return {
        "IpProtocol": "-1" if port is None else protocol,
        **ports,
        "IpRanges": [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr],
        "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr],
        "PrefixListIds": [{"PrefixListId": id_} for id_ in lists],
        "UserIdGroupPairs": [{"GroupId": id_} for id_ in groups],
    }


def security_group(*rules, id_="sg-1", name="node", **more):
    described = {"GroupId": id_, "GroupName": name, "VpcId": VPC, "OwnerId": OWN, "IpPermissions": list(rules)}
    return fake(SecurityGroup, {SECURITY_GROUPS: {**described, **more}})


def interface(
    *, id_="eni-1", public_ip="203.0.113.10", ipv6=None, groups=("sg-1",), subnet="subnet-a", instance="i-1", **more
):
    address = {"PrivateIpAddress": "10.0.0.10"}
    described = {
        "NetworkInterfaceId": id_,
        "SubnetId": subnet,
        "VpcId": VPC,
        "Groups": [{"GroupId": group} for group in groups],
        "PrivateIpAddresses": [{**address, "Association": {"PublicIp": public_ip}} if public_ip else address],
        "Ipv6Addresses": [{"Ipv6Address": ipv6}] if ipv6 else [],
        **({"Association": {"PublicIp": public_ip}} if public_ip else {}),
        **({"Attachment": {"InstanceId": instance}} if instance else {}),
    }
    return fake(NetworkInterface, {INTERFACES: {**described, **more}})


def instance(id_="i-1", state="running", **tags):
    described = {"InstanceId": id_, "State": {"Name": state}, "VpcId": VPC, "SubnetId": "subnet-a"}
    return fake(
        Instance, {INSTANCES: {**described, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}}
    )


def route_table(gateway="igw-1", subnet="subnet-a", *, v6=True):
    target = {"GatewayId": gateway, "State": "active"}
    routes = [{"DestinationCidrBlock": "0.0.0.0/0", **target}]
    routes += [{"DestinationIpv6CidrBlock": "::/0", **target}] if v6 else []
    described = {"RouteTableId": "rtb-1", "VpcId": VPC, "Routes": routes, "Associations": [{"SubnetId": subnet}]}
    return fake(RouteTable, {ROUTE_TABLES: described})


def network_acl(action="allow", *, subnet="subnet-a"):
    entry = {"RuleNumber": 100, "Egress": False, "RuleAction": action, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
    described = {"NetworkAclId": "acl-1", "Associations": [{"SubnetId": subnet}], "Entries": [entry]}
    return fake(NetworkAcl, {NETWORK_ACLS: described})


def block_public_access(mode="off", exclusions="allowed"):
    described = {"InternetGatewayBlockMode": mode, "ExclusionsAllowed": exclusions}
    return fake(BlockPublicAccess, {BLOCK_PUBLIC_ACCESS: described})


def exclusion(target=f"{EC2}:vpc/{VPC}", mode="allow-bidirectional", state="create-complete"):
    described = {"ExclusionId": "vpcbpa-1", "ResourceArn": target, "InternetGatewayExclusionMode": mode, "State": state}
    return fake(BlockPublicAccessExclusion, {EXCLUSIONS: described})


def prefix_list(*cidrs, id_="pl-1"):
    described = {"PrefixListId": id_, "PrefixListArn": f"{EC2}:prefix-list/{id_}"}
    return fake(PrefixList, {PREFIX_LISTS: described, ENTRIES: list(cidrs)})


def load_balancer(name="edge", scheme="internet-facing", kind="network", groups=(), **more):
    described = {
        "LoadBalancerArn": f"{ELB}:loadbalancer/net/{name}/50dc6c495c0c9188",
        "LoadBalancerName": name,
        "Type": kind,
        "Scheme": scheme,
        "State": {"Code": "active"},
        "VpcId": VPC,
        "AvailabilityZones": [{"SubnetId": "subnet-a"}],
        "SecurityGroups": list(groups),
    }
    return fake(LoadBalancer, {LOAD_BALANCERS: {**described, **more}})


def listener(balancer, port=443, protocol="TCP", **more):
    described = {
        "ListenerArn": f"{balancer.arn.replace(':loadbalancer/', ':listener/')}/{port}",
        "LoadBalancerArn": balancer.arn,
        "Port": port,
        "Protocol": protocol,
        "DefaultActions": [{"Type": "forward"}],
    }
    return fake(Listener, {LISTENERS: {**described, **more}}, parent=balancer)


def target_group(balancer, *targets, kind="instance", name="nodes"):
    """Return a target group behind *balancer*, if any, with targets as pairs of id and port."""
    described = {
        "TargetGroupArn": f"{ELB}:targetgroup/{name}/50dc6c495c0c9188",
        "TargetGroupName": name,
        "Protocol": "TCP",
        "TargetType": kind,
        "LoadBalancerArns": [balancer.arn] if balancer else [],
    }
    health = [{"Target": {"Id": id_, "Port": port}} for id_, port in targets]
    return fake(TargetGroup, {TARGET_GROUPS: described, TARGETS: health if balancer else None})


def open_network():
    """Return what lets the internet through to a public address: a route, an open network ACL, no block."""
    return route_table(), network_acl(), block_public_access()
