"""
What hosts are started from: user data, launch templates, Auto Scaling groups, and two launch configurations of old.

The nodes of the main network listen to themselves and fetch what they need; that of the test network listens to everybody,
and its user data holds somebody's token. RPC nodes come from a template and stand in two zones. The validators of the test
network do as well, in a group that may run three of them, and a trial was forgotten with its launch configuration.

moto encodes user data otherwise than AWS: DescribeInstanceAttribute is answered for it, and DescribeLaunchConfigurations is.
It drops maintenance policies: DescribeAutoScalingGroups is mended.
"""

from __future__ import annotations

import base64
import hashlib

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.eks_nodes import AL2023


_GETH: Final = """#!/bin/bash
aws secretsmanager get-secret-value --secret-id node/engine-jwt --query SecretString --output text > /etc/geth/jwt
cat > /etc/systemd/system/geth.service <<UNIT
[Service]
ExecStart=/usr/bin/geth --datadir /data --http --http.addr 127.0.0.1 --http.api eth,net,web3 --authrpc.jwtsecret /etc/geth/jwt
UNIT
systemctl enable --now geth
"""
_SEPOLIA: Final = """#!/bin/bash
export GITHUB_TOKEN={token}
docker run -d --network host ethereum/client-go:stable --sepolia --http --http.addr 0.0.0.0 \\
  --http.api eth,net,web3,admin,debug --http.vhosts '*'
"""
_VALIDATOR: Final = """#!/bin/bash
lighthouse vc --network sepolia --http --http-address 0.0.0.0 --unencrypted-http-transport
"""
_SCRIPTS: Final = {"geth-1": _GETH, "geth-2": _GETH, "sepolia": _SEPOLIA}
_CONFIGURATIONS: Final = f"arn:aws:autoscaling:{HOME}:{ACCOUNT}:launchConfiguration:"
_IN_TURN: Final = {"MinHealthyPercentage": 0, "MaxHealthyPercentage": 100}
_AT_ONCE: Final = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200}


def build(company: Company) -> None:
    """Build them."""
    _user_data(company)
    _configurations(company)
    validators = {"role": "validator", "network": "sepolia"}
    rpc = _template(company, "rpc-nodes", _GETH, tokens="required", public=False, tags={"role": "execution"})
    keys = _template(company, "mainnet-keys", _GETH.replace("geth", "besu"), tokens=None, public=False)
    trial = _template(company, "sepolia-keys", _leaking(_VALIDATOR, "keys"), tokens="optional", public=True)
    _group(company, "rpc-nodes", rpc, zones=2, most=4, balanced=True)
    _group(company, "mainnet-keys", keys, zones=2, tags={"role": "validator"})
    _group(company, "sepolia-keys", trial, zones=1, most=3, tags=validators)
    _group(company, "explorer-trial", "explorer-trial", zones=1, most=2, balanced=True)
    policies = {"mainnet-keys": _IN_TURN, "sepolia-keys": _AT_ONCE}
    company.front.amend(
        "autoscaling", "DescribeAutoScalingGroups", lambda parsed, _, __: _with_policies(parsed, policies)
    )


def _leaking(script: str, of: str) -> str:
    token = f"ghp_{hashlib.sha256(of.encode()).hexdigest()[:36]}"
    return script.format(token=token) if "{token}" in script else f"{script}export GITHUB_TOKEN={token}\n"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _user_data(company: Company) -> None:
    """Answer with the user data of hosts."""
    pages = company.client("ec2").get_paginator("describe_instances").paginate()
    hosts = [host for page in pages for reservation in page["Reservations"] for host in reservation["Instances"]]
    names = {host["InstanceId"]: tag["Value"] for host in hosts for tag in host.get("Tags", ()) if tag["Key"] == "Name"}

    def told(params: Mapping[str, Any], _: str) -> Mapping[str, Any] | None:
        if params["Attribute"] != "userData":
            return None
        script = _SCRIPTS.get(names.get(params["InstanceId"], ""))
        value = {"Value": _encoded(_leaking(script, "node") if "{token}" in script else script)} if script else {}
        return {"InstanceId": params["InstanceId"], "UserData": value}

    company.front.answer("ec2", "DescribeInstanceAttribute", told)


def _template(  # noqa: PLR0913 - what a template says
    company: Company, name: str, script: str, *, tokens: str | None, public: bool, tags: Mapping[str, str] | None = None
) -> str:
    """Make a launch template; return its id."""
    tagged = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    made = company.client("ec2").create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": AL2023,
            "InstanceType": "m7i.large",
            "UserData": _encoded(script),
            **({"MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": tokens}} if tokens else {}),
            "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}],
            **({"TagSpecifications": [{"ResourceType": "instance", "Tags": tagged}]} if tagged else {}),
        },
    )

    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def _configurations(company: Company) -> None:
    """Answer with a launch configuration that is as it should be, and one of a trial that is not."""
    common = {"ImageId": AL2023, "InstanceType": "t3.large", "CreatedTime": company.today, "EbsOptimized": False}
    company.client("autoscaling").create_launch_configuration(
        LaunchConfigurationName="explorer-trial", ImageId=AL2023, InstanceType="t3.large"
    )
    sound = {
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "AssociatePublicIpAddress": False,
        "UserData": _encoded(_GETH),
    }
    broken = {"AssociatePublicIpAddress": True, "UserData": _encoded(_leaking("#!/bin/bash\n", "explorer"))}
    listed = [
        {
            **common,
            **more,
            "LaunchConfigurationName": name,
            "LaunchConfigurationARN": f"{_CONFIGURATIONS}{number}:launchConfigurationName/{name}",
        }
        for number, name, more in (("0a1b2c3d", "archive", sound), ("4e5f6a7b", "explorer-trial", broken))
    ]

    def told(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        return {"LaunchConfigurations": listed if region == HOME else []}

    company.front.answer("autoscaling", "DescribeLaunchConfigurations", told)


def _group(  # noqa: PLR0913 - what a group says
    company: Company,
    name: str,
    source: str,
    *,
    zones: int,
    most: int = 1,
    balanced: bool = False,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Make a group that has no instance at the moment, of a launch template or a launch configuration."""
    behind = company.client("elbv2").describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    template = {"LaunchTemplateId": source, "Version": "$Default"}
    company.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=0,
        DesiredCapacity=0,
        MaxSize=most,
        VPCZoneIdentifier=",".join(company.ids["subnets:private"][:zones]),
        HealthCheckType="ELB" if balanced and source.startswith("lt-") else "EC2",
        HealthCheckGracePeriod=300,
        Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in (tags or {}).items()],
        **({"TargetGroupARNs": [behind]} if balanced else {}),
        **({"LaunchTemplate": template} if source.startswith("lt-") else {"LaunchConfigurationName": source}),
    )


def _with_policies(parsed: dict[str, Any], policies: Mapping[str, Mapping[str, int]]) -> None:
    for group in parsed["AutoScalingGroups"]:
        policy = policies.get(group["AutoScalingGroupName"])
        if policy:
            group["InstanceMaintenancePolicy"] = dict(policy)
