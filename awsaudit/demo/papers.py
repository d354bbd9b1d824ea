"""
Papers that everybody may read: documents and parameters of Systems Manager, outputs of stacks, a state machine; and what
Systems Manager knows of the hosts.

Sound: a document that restarts a node, shared with nobody, the signer's parameters, two hosts that are managed and one of
them patched. Left over: a document for everybody with somebody's token in it, a password in plain text, a stack that gives a
token as output, a state machine that posts with one, a manual that is built in somebody's image, and hosts that nobody
patches.

moto does not tell DescribeInstanceInformation and DescribeInstancePatchStates; both are answered here. DescribeStacks
(outputs) and DescribeInstances (two hosts run for long) are mended.
"""

from __future__ import annotations

import datetime
import hashlib
import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import HOME, Company
from awsaudit.demo.principal import make_role


_STEP: Final = {"action": "aws:runShellScript", "name": "run"}
_PATCHED: Final = {"CriticalNonCompliantCount": 0, "SecurityNonCompliantCount": 0, "OtherNonCompliantCount": 0}


def build(company: Company) -> None:
    """Build them."""
    _documents(company)
    _parameters(company)
    _machine(company)
    _manual(company)
    _hosts(company)
    company.front.amend("cloudformation", "DescribeStacks", _with_outputs)


def _token(of: str) -> str:
    return f"ghp_{hashlib.sha256(of.encode()).hexdigest()[:36]}"


def _documents(company: Company) -> None:
    ssm = company.client("ssm")
    for name, command in (
        ("restart-node", "systemctl restart geth"),
        ("fetch-release", f"curl -H 'Authorization: token {_token('release')}' -O https://api.github.com/releases"),
    ):
        step = {**_STEP, "inputs": {"runCommand": [command]}}
        content = {"schemaVersion": "2.2", "description": name, "mainSteps": [step]}
        ssm.create_document(Content=json.dumps(content), Name=name, DocumentType="Command", DocumentFormat="JSON")
    ssm.modify_document_permission(Name="fetch-release", PermissionType="Share", AccountIdsToAdd=["all"])


def _parameters(company: Company) -> None:
    ssm = company.client("ssm")
    for name, kind in (
        ("/explorer/db-password", "String"),
        ("/relay/db-password", "SecureString"),
        ("/relay/token-ttl", "String"),
    ):
        ssm.put_parameter(Name=name, Type=kind, Value="made up for the example")


def _machine(company: Company) -> None:
    """Post a digest every night, with a token that the definition tells."""
    role = make_role(company, "digest", {"Service": "states.amazonaws.com"})
    post = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": {"Method": "POST", "Headers": {"Authorization": f"token {_token('digest')}"}},
        "End": True,
    }
    company.client("stepfunctions").create_state_machine(
        name="digest", definition=json.dumps({"StartAt": "Post", "States": {"Post": post}}), roleArn=role
    )


def _manual(company: Company) -> None:
    """Build the manual in an image of Docker Hub."""
    role = make_role(company, "manual", {"Service": "codebuild.amazonaws.com"})
    company.client("codebuild").create_project(
        name="manual",
        source={"type": "GITHUB", "location": "https://github.com/northlight-staking/manual.git"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": f"squidfunk/mkdocs-material@sha256:{hashlib.sha256(b'manual').hexdigest()}",
            "computeType": "BUILD_GENERAL1_SMALL",
            "imagePullCredentialsType": "SERVICE_ROLE",
        },
        serviceRole=role,
    )


def _with_outputs(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    told = {
        "alert-relay": {"OutputKey": "DeployToken", "OutputValue": _token("alerts")},
        "edge-network": {"OutputKey": "VpcName", "OutputValue": "edge"},
    }
    for stack in parsed["Stacks"]:
        if stack["StackName"] in told:
            stack["Outputs"] = [told[stack["StackName"]]]


def _hosts(company: Company) -> None:
    """Say of two hosts that they are managed, and of one that it is not; AWS would say so after half an hour."""
    names = ("geth-1", "geth-2", "beacon-1")
    wanted = [{"Name": "tag:Name", "Values": list(names)}]
    found = company.client("ec2").describe_instances(Filters=wanted)["Reservations"]
    ids = {
        next(tag["Value"] for tag in instance["Tags"] if tag["Key"] == "Name"): instance["InstanceId"]
        for reservation in found
        for instance in reservation["Instances"]
    }
    long_ago = company.today - datetime.timedelta(days=20)
    scanned = company.today - datetime.timedelta(days=1)

    def managed(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        listed = [
            {"InstanceId": ids[name], "PingStatus": "Online", "PlatformType": "Linux", "PlatformName": "Amazon Linux"}
            for name in ("geth-1", "geth-2")
            if region == HOME
        ]
        return {"InstanceInformationList": listed}

    def patched(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        told = {"BaselineId": "pb-0a1b2c3d4e5f67890", "PatchGroup": "nodes", "Operation": "Scan"}
        times = {"OperationStartTime": scanned, "OperationEndTime": scanned}
        missing = {ids["geth-2"]: {"CriticalNonCompliantCount": 2}}
        return {
            "InstancePatchStates": [
                {**told, **times, **_PATCHED, "InstanceId": id_, **missing.get(id_, {})}
                for id_ in params["InstanceIds"]
            ]
        }

    def amend(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for reservation in parsed["Reservations"]:
            for instance in reservation["Instances"]:
                if instance["InstanceId"] in ids.values():
                    instance["LaunchTime"] = long_ago

    company.front.answer("ssm", "DescribeInstanceInformation", managed)
    company.front.answer("ssm", "DescribeInstancePatchStates", patched)
    company.front.amend("ec2", "DescribeInstances", amend)
