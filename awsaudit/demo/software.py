"""
What runs at the company, and where it comes from: images of tasks, layers of functions, AMIs of instances, stacks.

moto has no DescribeInstanceImageMetadata, and runs no tasks without a container instance: that, ListTasks and DescribeTasks
are answered here. It lets no function have a layer of another account, and compares no stack with its template;
ListFunctions and DescribeStacks are mended.
"""

from __future__ import annotations

import datetime

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo import sign_in
from awsaudit.demo.company import HOME, Company
from awsaudit.demo.front import Amender
from awsaudit.demo.principal import make_role


STRANGER: Final = "999988887777"
_SUPPORT: Final = "arn:aws:iam::aws:policy/AWSSupportAccess"
_LAYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "book-deposits": (f"arn:aws:lambda:{HOME}:{STRANGER}:layer:keccak-fast:12",),
    "validator-duties": (f"arn:aws:lambda:{HOME}:580247275435:layer:LambdaInsightsExtension:60",),
}
_DIGEST: Final = "sha256:7d1f0c2e4b6a8d9f0e1c3b5a7968574635241302f1e0d9c8b7a6958473625140"


def build(company: Company) -> None:
    """Build it."""
    sign_in.build(company)
    make_role(company, "incident-response", {"AWS": f"arn:aws:iam::{company.account}:root"})
    company.client("iam").attach_role_policy(RoleName="incident-response", PolicyArn=_SUPPORT)
    company.front.amend("lambda", "ListFunctions", _with_layers)
    _snapshots(company)
    _debugger(company)
    _images(company, _archive_node(company))
    company.front.amend("cloudformation", "DescribeStacks", _with_stacks(company))


def _with_layers(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for function in parsed["Functions"]:
        layers = _LAYERS.get(function["FunctionName"], ())
        function["Layers"] = [{"Arn": arn, "CodeSize": 1048576} for arn in layers]


def _snapshots(company: Company) -> None:
    """A service on ECS beside the relay, whose image is pinned."""
    ecs = company.client("ecs")
    image = f"{company.account}.dkr.ecr.{HOME}.amazonaws.com/base/debian@{_DIGEST}"
    container = {"name": "snapshots", "image": image, "memory": 512}
    ecs.register_task_definition(family="snapshots", networkMode="awsvpc", containerDefinitions=[container])
    place = {"subnets": company.ids["subnets:private"], "securityGroups": [company.ids["sg:closed"]]}
    ecs.create_service(
        cluster="relay",
        serviceName="snapshots",
        taskDefinition="snapshots",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": place},
        deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
    )


def _debugger(company: Company) -> None:
    """Somebody started a task by hand, and let it run."""
    container = {"name": "shell", "image": "nicolaka/netshoot", "memory": 512}
    definition = company.client("ecs").register_task_definition(
        family="debug", networkMode="awsvpc", containerDefinitions=[container]
    )["taskDefinition"]["taskDefinitionArn"]
    task = f"arn:aws:ecs:{HOME}:{company.account}:task/relay/5b2c8e1f7a904d3c9e6f0a1b2c3d4e5f"

    def listed(params: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        return {"taskArns": [task] if region == HOME and params["cluster"].endswith("/relay") else []}

    def described(_: Mapping[str, Any], __: str) -> Mapping[str, Any]:
        running = {"taskArn": task, "taskDefinitionArn": definition, "containers": [{"image": container["image"]}]}
        return {"tasks": [running], "failures": []}

    company.front.answer("ecs", "ListTasks", listed)
    company.front.answer("ecs", "DescribeTasks", described)


def _archive_node(company: Company) -> str:
    """Start the archive node from an AMI that was found by its name, and return the instance's id."""
    made = company.client("ec2").run_instances(
        ImageId="ami-00000000000a5c41e",
        MinCount=1,
        MaxCount=1,
        InstanceType="i4i.xlarge",
        SubnetId=company.ids["subnets:private"][1],
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"},
    )
    return str(made["Instances"][0]["InstanceId"])


def _images(company: Company, strange: str) -> None:
    of_aws = {"OwnerId": "137112412989", "ImageOwnerAlias": "amazon", "IsPublic": True}

    def described(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        told = {strange: {"OwnerId": STRANGER, "IsPublic": True}}
        return {
            "InstanceImageMetadata": [
                {"InstanceId": id_, "ImageMetadata": told.get(id_, of_aws)} for id_ in params["InstanceIds"]
            ]
        }

    company.front.answer("ec2", "DescribeInstanceImageMetadata", described)


def _with_stacks(company: Company) -> Amender:
    """Three stacks: one as its template says, one that somebody changed by hand, and one that was never compared."""
    told = (("edge-network", "IN_SYNC", 12), ("alert-relay", "DRIFTED", 12), ("status-page", "NOT_CHECKED", None))

    def amend(parsed: dict[str, Any], params: Mapping[str, Any], region: str) -> None:
        if region != HOME or "StackName" in params:
            return
        for number, (name, status, days) in enumerate(told):
            drift: dict[str, Any] = {"StackDriftStatus": status}
            if days is not None:
                drift["LastCheckTimestamp"] = company.today - datetime.timedelta(days=days)
            stack = f"arn:aws:cloudformation:{HOME}:{company.account}:stack/{name}/0a1b2c3d-0000-4000-8000-00000000000{number}"
            made = company.today - datetime.timedelta(days=400)
            parsed["Stacks"].append(
                {"StackId": stack, "StackName": name, "StackStatus": "UPDATE_COMPLETE", "CreationTime": made,
                 "DriftInformation": drift}
            )  # fmt: skip

    return amend
