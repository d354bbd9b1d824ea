"""
Who reads the company's secrets, and what rotates them.

Credentials are rotated by a function that may; the explorer's by one that nobody lets in, in a VPC without a way out. CI
reads the password for payouts, a former auditor may still decrypt with its key, and a build names a secret that is about to
be deleted. moto gives every function the same VPC; ListFunctions is mended.
"""

from __future__ import annotations

import io
import zipfile

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import document, make_role


_SECRET: Final = f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret"
_GITHUB: Final = "token.actions.githubusercontent.com"
_ROTATION: Final = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")


def build(company: Company) -> None:
    """Build it."""
    _rotation(company)
    _readers(company)
    _release(company)


def _rotation(company: Company) -> None:
    ec2 = company.client("ec2")
    ec2.create_vpc_endpoint(
        VpcId=company.ids["vpc"],
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{HOME}.secretsmanager",
        SubnetIds=company.ids["subnets:private"][:1],
        SecurityGroupIds=[company.ids["sg:closed"]],
        PrivateDnsEnabled=True,
    )
    apart = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    place = ec2.create_subnet(VpcId=apart, CidrBlock="10.60.0.0/24", AvailabilityZone=f"{HOME}a")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="rotate-explorer", Description="rotation", VpcId=apart)["GroupId"]
    rotates = {
        "Effect": "Allow",
        "Action": [f"secretsmanager:{action}" for action in _ROTATION],
        "Resource": [f"{_SECRET}:{name}/*" for name in ("signer", "beacon", "validators", "deposits", "explorer")],
    }
    decrypts = {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": company.ids["key:signer"],
    }
    role = make_role(company, "rotate-credentials", {"Service": "lambda.amazonaws.com"}, rotates, decrypts)
    _function(company, "rotate-credentials", role, company.ids["subnets:private"][:2], company.ids["sg:closed"])
    _function(company, "rotate-explorer", role, [place], group)
    vpcs = {place: apart, **dict.fromkeys(company.ids["subnets:private"], company.ids["vpc"])}
    company.front.amend("lambda", "ListFunctions", _in_vpcs(vpcs))
    company.client("lambda").add_permission(
        FunctionName="rotate-credentials",
        StatementId="secretsmanager",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceAccount=ACCOUNT,
    )


def _in_vpcs(vpcs: Mapping[str, str]) -> Any:
    def amend(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for function in parsed["Functions"]:
            config = function.get("VpcConfig") or {}
            if config.get("SubnetIds"):
                config["VpcId"] = vpcs[config["SubnetIds"][0]]

    return amend


def _readers(company: Company) -> None:
    reads = {
        "Sid": "PayoutPassword",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": f"{_SECRET}:prod/payout-password-*",
    }
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": company.ids["key:payouts"]}
    provider = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_GITHUB}"}
    bound = {
        "StringEquals": {
            f"{_GITHUB}:aud": "sts.amazonaws.com",
            f"{_GITHUB}:sub": "repo:northlight-staking/payouts:environment:production",
        }
    }
    make_role(
        company, "deploy-payouts", provider, reads, decrypts, action="sts:AssumeRoleWithWebIdentity", condition=bound
    )
    make_role(company, "payouts", {"Service": "lambda.amazonaws.com"}, reads, decrypts)
    auditor = make_role(company, "former-auditor", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    policy = [
        {"Sid": "Account", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"},
        {"Sid": "Audit", "Effect": "Allow", "Principal": {"AWS": auditor}, "Action": "kms:Decrypt", "Resource": "*"},
    ]
    company.client("kms").put_key_policy(
        KeyId=company.ids["key:payouts"].rpartition("/")[2], PolicyName="default", Policy=document(*policy)
    )


def _release(company: Company) -> None:
    """The project that publishes releases still logs in with a password that is about to be deleted."""
    role = make_role(company, "release-notes", {"Service": "codebuild.amazonaws.com"})
    variable = {"name": "REGISTRY_PASSWORD", "type": "SECRETS_MANAGER", "value": "release/registry-password"}
    company.client("codebuild").create_project(
        name="release-notes",
        source={"type": "S3", "location": "northlight-exports/release-notes.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [variable],
        },
        serviceRole=role,
    )


def _function(company: Company, name: str, role: str, subnets: list[str], group: str) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass\n")
    company.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        Timeout=30,
        VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": [group]},
    )
