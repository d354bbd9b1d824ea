"""
The company's organization, with its control policies, seen from a member that may read them.

Leaves ``organization`` in `Company.ids`: its id. moto makes the organization as if the account managed it, and knows neither
paths nor resource control policies; DescribeOrganization, ListAccounts and DescribeAccount are mended, ListPolicies,
DescribePolicy and ListTargetsForPolicy answered here.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, Company
from awsaudit.demo.front import Refusal


MANAGEMENT: Final = "111122223333"
ROOT: Final = "r-nl42"
UNIT: Final = "ou-nl42-workloads"
_STAYS: Final = {
    "Sid": "StaysInTheOrganization",
    "Effect": "Deny",
    "Action": "organizations:LeaveOrganization",
    "Resource": "*",
}
_OVER_TLS: Final = {
    "Sid": "OverTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:*", "sqs:*", "secretsmanager:*"],
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
_EVERYTHING: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_BY_KIND: Final[Mapping[str, tuple[tuple[str, str, Mapping[str, Any], tuple[str, ...]], ...]]] = {
    "SERVICE_CONTROL_POLICY": (
        ("p-FullAWSAccess", "FullAWSAccess", _EVERYTHING, (ROOT, UNIT, ACCOUNT)),
        ("p-stays0001", "members-stay", _STAYS, (ROOT,)),
    ),
    "RESOURCE_CONTROL_POLICY": (
        ("p-RCPFullAWSAccess", "RCPFullAWSAccess", {**_EVERYTHING, "Principal": "*"}, (ROOT, UNIT, ACCOUNT)),
        ("p-overtls01", "over-tls", _OVER_TLS, (UNIT,)),
    ),
}


def build(company: Company) -> None:
    """Build it."""
    organizations = company.client("organizations", "us-east-1")
    company.ids["organization"] = organizations.describe_organization()["Organization"]["Id"]
    front = company.front
    front.amend("organizations", "DescribeOrganization", _managed_elsewhere)
    front.amend("organizations", "ListAccounts", _with_management)
    front.amend("organizations", "DescribeAccount", _with_paths(company))
    front.answer("organizations", "ListPolicies", _policies)
    front.answer("organizations", "DescribePolicy", _policy)
    front.answer("organizations", "ListTargetsForPolicy", _targets)


def _managed_elsewhere(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    parsed["Organization"]["MasterAccountId"] = MANAGEMENT


def _with_management(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    first = parsed["Accounts"][0]
    arn = f"{first['Arn'].rpartition('/')[0]}/{MANAGEMENT}"
    management = {**first, "Id": MANAGEMENT, "Arn": arn, "Name": "northlight-management"}
    parsed["Accounts"] = [management, *parsed["Accounts"]]


def _with_paths(company: Company) -> Any:
    def amend(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        parsed["Account"]["Paths"] = [f"{company.ids['organization']}/{ROOT}/{UNIT}/{params['AccountId']}/"]

    return amend


def _summary(kind: str, id_: str, name: str) -> dict[str, Any]:
    owner = "aws" if id_.endswith("FullAWSAccess") else MANAGEMENT
    arn = f"arn:aws:organizations::{owner}:policy/{kind.lower()}/{id_}"
    return {"Id": id_, "Arn": arn, "Name": name, "Type": kind, "AwsManaged": owner == "aws"}


def _policies(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
    kind = params["Filter"]
    return {"Policies": [_summary(kind, id_, name) for id_, name, _, _ in _BY_KIND.get(kind, ())]}


def _found(wanted: str) -> tuple[str, str, Mapping[str, Any], tuple[str, ...]]:
    for kind, policies in _BY_KIND.items():
        for id_, name, statement, targets in policies:
            if id_ == wanted:
                return kind, name, statement, targets
    raise Refusal("PolicyNotFoundException")


def _policy(params: Mapping[str, Any], __: str) -> Mapping[str, Any]:
    kind, name, statement, _ = _found(params["PolicyId"])
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return {"Policy": {"PolicySummary": _summary(kind, params["PolicyId"], name), "Content": content}}


def _targets(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
    names = {ROOT: ("Root", "ROOT"), UNIT: ("workloads", "ORGANIZATIONAL_UNIT"), ACCOUNT: ("northlight", "ACCOUNT")}
    *_rest, targets = _found(params["PolicyId"])
    return {
        "Targets": [
            {
                "TargetId": id_,
                "Arn": f"arn:aws:organizations::{MANAGEMENT}:target/{id_}",
                "Name": names[id_][0],
                "Type": names[id_][1],
            }
            for id_ in targets
        ]
    }
