"""
The company's hosts outside clusters: nodes of the main network, as they should be, and what was left of trials.

Sound: execution and beacon nodes that are open for their peers alone, validators and a signer in private subnets. Left over:
a node of the test network whose role reads a secret, a signer behind a load balancer that faces the internet, and a host on
which everybody tried something. A validator that was moved to the standby still runs at home with the same keys.

moto does not tell which instances may run enclaves; DescribeInstances is mended. It has no GetInstanceMetadataDefaults and no
DescribeInstanceInformation: these are answered here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field

from awsaudit.demo.company import HOME, Company
from awsaudit.demo.eks_nodes import AL2023, AWS_POLICY
from awsaudit.demo.principal import make_role


STANDBY: Final = "eu-west-1"
_EC2: Final = {"Service": "ec2.amazonaws.com"}
_V2: Final = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1}
_V1: Final = {**_V2, "HttpTokens": "optional"}
_EVERYWHERE: Final = "0.0.0.0/0"
_NETWORK: Final = "10.20.0.0/16"

# Group, then what it lets in: protocol, first and last port, from where (a CIDR block, or the name of a group).
_Rules = tuple[tuple[str, int, int, str], ...]
_GROUPS: Final[Mapping[str, _Rules]] = {
    "validators": (),
    "consensus-nodes": (
        ("tcp", 9000, 9000, _EVERYWHERE),
        ("udp", 9000, 9000, _EVERYWHERE),
        ("tcp", 5052, 5052, "validators"),
    ),
    "execution-nodes": (
        ("tcp", 30303, 30303, _EVERYWHERE),
        ("udp", 30303, 30303, _EVERYWHERE),
        ("tcp", 8551, 8551, "consensus-nodes"),
    ),
    "signers": (("tcp", 9000, 9000, "validators"),),
    "sepolia-rpc": (
        ("tcp", 22, 22, _EVERYWHERE),
        ("tcp", 5052, 5052, _EVERYWHERE),
        ("tcp", 6060, 6060, _EVERYWHERE),
        ("tcp", 8545, 8546, _EVERYWHERE),
        ("tcp", 8551, 8551, _EVERYWHERE),
        ("tcp", 30300, 30400, _EVERYWHERE),
    ),
    "sepolia-keys": (("tcp", 5062, 5062, _EVERYWHERE),),
    "web3signer-trial": (("tcp", 9000, 9000, _EVERYWHERE),),
    "ipfs": (
        ("tcp", 4001, 4001, _EVERYWHERE),
        ("tcp", 5001, 5001, _EVERYWHERE),
        ("tcp", 9094, 9094, _EVERYWHERE),
    ),
    "subgraphs": (("tcp", 8000, 8000, _NETWORK), ("tcp", 8020, 8020, _EVERYWHERE)),
    "lab-oracle": (("tcp", 6688, 6688, _EVERYWHERE),),
    "lab-cosmos": (("tcp", 26657, 26657, _EVERYWHERE),),
    "lab-dashboards": (("tcp", 3000, 3000, _EVERYWHERE), ("tcp", 9100, 9100, _EVERYWHERE)),
    "lab-docker": (("tcp", 2375, 2375, _EVERYWHERE),),
    "lab-anything": (("-1", -1, -1, _EVERYWHERE),),
    "desktops": (("tcp", 3389, 3389, _EVERYWHERE),),
}

# What hosts with signing keys may reach: group, then protocol, ports and destination.
_EGRESS: Final[Mapping[str, _Rules]] = {
    "validators": (
        ("tcp", 443, 443, _NETWORK),
        ("tcp", 5052, 5052, "consensus-nodes"),
        ("tcp", 9000, 9000, "signers"),
    ),
    "signers": (("tcp", 443, 443, _NETWORK),),
}


@define
class _Host:
    """
    A host.

    Args:
        name: Its name.

        subnet: ``public`` or ``private``, and the number of the zone.

        groups: The names of its security groups.

        tags: Its tags besides the name.

        profile: The instance profile; None for none.

        type: The instance type.

        metadata: How it serves its metadata.

        data: Type, size in GiB and IOPS of the volume for the chain; None without one.

        region: The region.

        enclave: Whether it may run an enclave.

        kept: Whether it is protected against termination.
    """

    name: str
    subnet: tuple[str, int]
    groups: tuple[str, ...]
    tags: Mapping[str, str] = field(factory=dict)
    profile: str | None = "node-agent"
    type: str = "m7i.2xlarge"
    metadata: Mapping[str, Any] = field(factory=lambda: _V2)
    data: tuple[str, int, int] | None = None
    region: str = HOME
    enclave: bool = False
    kept: bool = False


def _role(role: str, network: str = "mainnet", **more: str) -> dict[str, str]:
    origin = {"ManagedBy": "terraform", "owner": "nodes", "environment": network} if network == "mainnet" else {}
    return {"role": role, "network": network, **origin, **{key.replace("_", "-"): value for key, value in more.items()}}


_HOSTS: Final = (
    _Host("geth-1", ("public", 0), ("execution-nodes",), _role("execution"), data=("gp3", 2000, 6000), kept=True),
    _Host("geth-2", ("public", 1), ("execution-nodes",), _role("execution"), data=("gp3", 2000, 6000), kept=True),
    _Host("beacon-1", ("public", 0), ("consensus-nodes",), _role("consensus"), data=("gp2", 500, 1500)),
    _Host("beacon-2", ("public", 0), ("consensus-nodes",), _role("consensus"), data=("gp3", 500, 3000)),
    _Host("validator-1", ("private", 0), ("validators",), _role("validator", validator_keys="mainnet-0"), kept=True),
    _Host(
        "validator-1-cold",
        ("private", 1),
        ("validators",),
        _role("validator", validator_keys="mainnet-0", standby="true"),
        kept=True,
    ),
    _Host("validator-2", ("private", 2), ("validators",), _role("validator", validator_keys="mainnet-1"), kept=True),
    _Host(
        "validator-2",
        ("private", 0),
        ("closed",),
        _role("validator", validator_keys="mainnet-1"),
        region=STANDBY,
        kept=True,
    ),
    _Host("signer-1", ("private", 0), ("signers",), _role("signer"), enclave=True, kept=True),
    _Host(
        "sepolia",
        ("public", 2),
        ("sepolia-rpc",),
        _role("execution", "sepolia"),
        profile="sepolia",
        metadata=_V1,
        data=("gp3", 1000, 3000),
    ),
    _Host(
        "sepolia-keys",
        ("public", 2),
        ("sepolia-keys",),
        _role("validator", "sepolia"),
        type="t3.large",
        metadata=_V1,
        enclave=True,
    ),
    _Host("web3signer-trial", ("private", 1), ("web3signer-trial",), _role("signer", "sepolia"), type="m7i.large"),
    _Host("ipfs", ("public", 1), ("ipfs",), _role("ipfs")),
    _Host("subgraphs", ("private", 2), ("subgraphs",), _role("indexer")),
    _Host(
        "lab",
        ("public", 2),
        ("lab-oracle", "lab-cosmos", "lab-dashboards", "lab-docker", "lab-anything"),
        profile=None,
        type="t3.large",
    ),
    _Host("desktop", ("private", 2), ("desktops",), profile=None, type="t3.large"),
)


def build(company: Company) -> None:
    """Build them."""
    groups = _groups(company)
    profiles = _profiles(company)
    ids = {host.name + host.region: _start(company, host, groups, profiles) for host in _HOSTS}
    enclaves = {ids[host.name + host.region] for host in _HOSTS if host.enclave}
    company.front.amend("ec2", "DescribeInstances", lambda parsed, _, __: _with_enclaves(parsed, enclaves))
    _balancer(company, ids["web3signer-trial" + HOME])
    _alarms(company, ids["geth-1" + HOME], ids["beacon-1" + HOME])
    company.front.answer("ec2", "GetInstanceMetadataDefaults", _metadata_defaults)
    company.front.answer("ssm", "DescribeInstanceInformation", lambda _, __: {"InstanceInformationList": []})
    _empty_default_group(company)


def _groups(company: Company) -> dict[str, str]:
    """Make the security groups; return their ids by name."""
    ec2 = company.client("ec2")
    ids = {
        name: ec2.create_security_group(GroupName=name, Description=name, VpcId=company.ids["vpc"])["GroupId"]
        for name in _GROUPS
    }
    for name, rules in _GROUPS.items():
        if rules:
            ec2.authorize_security_group_ingress(
                GroupId=ids[name], IpPermissions=[_permission(rule, ids) for rule in rules]
            )
    for name, rules in _EGRESS.items():
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": _EVERYWHERE}]}
        ec2.revoke_security_group_egress(GroupId=ids[name], IpPermissions=[everything])
        ec2.authorize_security_group_egress(GroupId=ids[name], IpPermissions=[_permission(rule, ids) for rule in rules])

    return {**ids, "closed": company.ids[f"sg:closed@{STANDBY}"]}


def _permission(rule: tuple[str, int, int, str], ids: Mapping[str, str]) -> dict[str, Any]:
    protocol, first, last, source = rule
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    whom = {"UserIdGroupPairs": [{"GroupId": ids[source]}]} if source in ids else {"IpRanges": [{"CidrIp": source}]}

    return {"IpProtocol": protocol, **ports, **whom}


def _profiles(company: Company) -> dict[str, str]:
    """Make the hosts' roles and instance profiles; return the ARNs of the profiles by name."""
    secret = company.client("secretsmanager").describe_secret(SecretId="validators/fee-recipient-token")["ARN"]
    reads = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": company.ids["key:signer"]}
    make_role(company, "node-agent", _EC2)
    company.client("iam").attach_role_policy(
        RoleName="node-agent", PolicyArn=f"{AWS_POLICY}/CloudWatchAgentServerPolicy"
    )
    make_role(company, "sepolia", _EC2, reads, decrypts)
    iam, arns = company.client("iam"), {}
    for name in ("node-agent", "sepolia"):
        arns[name] = iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Arn"]
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

    return arns


def _start(company: Company, host: _Host, groups: Mapping[str, str], profiles: Mapping[str, str]) -> str:
    """Start a host; return its id."""
    ec2 = company.client("ec2", host.region)
    kind, zone = host.subnet
    subnet = company.ids[f"subnets:{kind}" if host.region == HOME else f"subnets:{kind}@{host.region}"][zone]
    tags = [{"Key": key, "Value": value} for key, value in {"Name": host.name, **host.tags}.items()]
    started = ec2.run_instances(
        ImageId=AL2023,
        MinCount=1,
        MaxCount=1,
        InstanceType=host.type,
        SubnetId=subnet,
        SecurityGroupIds=[groups[name] for name in host.groups],
        MetadataOptions=host.metadata,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        **({"IamInstanceProfile": {"Arn": profiles[host.profile]}} if host.profile else {}),
    )["Instances"][0]
    if host.kept:
        ec2.modify_instance_attribute(InstanceId=started["InstanceId"], DisableApiTermination={"Value": True})
    if host.data:
        kind, size, iops = host.data
        volume = ec2.create_volume(
            AvailabilityZone=started["Placement"]["AvailabilityZone"],
            Size=size,
            VolumeType=kind,
            Encrypted=True,
            **({"Iops": iops} if kind == "gp3" else {}),
        )["VolumeId"]
        ec2.attach_volume(Device="/dev/sdf", InstanceId=started["InstanceId"], VolumeId=volume)

    return str(started["InstanceId"])


def _with_enclaves(parsed: dict[str, Any], ids: set[str]) -> None:
    for reservation in parsed["Reservations"]:
        for instance in reservation["Instances"]:
            if instance["InstanceId"] in ids:
                instance["EnclaveOptions"] = {"Enabled": True}


def _balancer(company: Company, signer: str) -> None:
    """Put the signer of the trial behind a load balancer that faces the internet."""
    elb = company.client("elbv2")
    balancer = elb.create_load_balancer(
        Name="signing-api", Type="network", Scheme="internet-facing", Subnets=company.ids["subnets:public"]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(
        Name="signing-api", Protocol="TCP", Port=9000, VpcId=company.ids["vpc"], TargetType="instance"
    )["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": signer, "Port": 9000}])
    elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="TCP",
        Port=9000,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )


def _alarms(company: Company, watched: str, other: str) -> None:
    """Watch one host; of another one the agent tells and nobody is told."""
    cloudwatch, topic = company.client("cloudwatch"), company.ids["topic:oncall"]
    status = [{"Name": "InstanceId", "Value": watched}]
    for name, namespace, metric, dimensions in (
        ("geth-1-status", "AWS/EC2", "StatusCheckFailed", status),
        ("geth-1-disk", "CWAgent", "disk_used_percent", _disk(watched)),
    ):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace=namespace,
            MetricName=metric,
            Dimensions=dimensions,
            Statistic="Maximum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=80 if metric == "disk_used_percent" else 1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[topic],
        )
    told = [{"MetricName": "disk_used_percent", "Dimensions": _disk(host), "Value": 61} for host in (watched, other)]
    cloudwatch.put_metric_data(Namespace="CWAgent", MetricData=told)


def _disk(host: str) -> list[dict[str, str]]:
    names = {"InstanceId": host, "path": "/data", "device": "nvme1n1", "fstype": "ext4"}
    return [{"Name": name, "Value": value} for name, value in names.items()]


def _metadata_defaults(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    return {"AccountLevel": {"HttpTokens": "required", "ManagedBy": "account"} if region == HOME else {}}


def _empty_default_group(company: Company) -> None:
    """Take all rules out of the default group at the standby."""
    ec2 = company.client("ec2", STANDBY)
    wanted = [
        {"Name": "vpc-id", "Values": [company.ids[f"vpc@{STANDBY}"]]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    group = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"][0]
    for entries, revoke in (
        (group["IpPermissions"], ec2.revoke_security_group_ingress),
        (group["IpPermissionsEgress"], ec2.revoke_security_group_egress),
    ):
        if entries:
            revoke(GroupId=group["GroupId"], IpPermissions=entries)
