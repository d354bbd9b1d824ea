"""
Policies and roles that let in, or give away, more than they should, and their sound counterparts.

moto counts no uses of permissions boundaries; GetAccountAuthorizationDetails is mended.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, NAME, Company


AUDITOR: Final = "777788889999"
VENDOR: Final = "444455556666"
OWN_ROLES: Final = f"arn:aws:iam::{ACCOUNT}:role"
BOUNDARY: Final = f"arn:aws:iam::{ACCOUNT}:policy/{NAME}-pipeline-boundary"
_LAMBDA: Final = {"Service": "lambda.amazonaws.com"}
_BY_ITSELF: Final = {"AWS": ACCOUNT}
_MAKES_ROLES: Final = {
    "Sid": "MakesRoles",
    "Effect": "Allow",
    "Action": ["iam:CreateRole", "iam:AttachRolePolicy"],
    "Resource": f"{OWN_ROLES}/app-*",
}


def build(company: Company) -> None:
    """Build it."""
    iam = company.client("iam")
    _administrator(iam)
    _pipelines(iam)
    _trusted(iam)
    company.front.amend("iam", "GetAccountAuthorizationDetails", _with_boundary_uses)


def _administrator(iam: Any) -> None:
    """What an early automation left behind, and who can make use of it; beside it a policy as it should be."""
    everything = _policy(iam, "legacy-everything", {"Sid": "All", "Action": "*", "Resource": "*"})
    _role(iam, "legacy-automation", _LAMBDA)
    iam.attach_role_policy(RoleName="legacy-automation", PolicyArn=everything)
    iam.create_user(UserName="release-bot")
    release = (
        {"Sid": "PassAny", "Action": "iam:PassRole", "Resource": f"{OWN_ROLES}/*"},
        {"Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"},
    )
    iam.put_user_policy(UserName="release-bot", PolicyName="release", PolicyDocument=_document(*release))
    metrics = _policy(iam, "read-metrics", {"Action": ["cloudwatch:GetMetricData"], "Resource": "*"})
    _role(iam, "reporting", _BY_ITSELF)
    iam.attach_role_policy(RoleName="reporting", PolicyArn=metrics)
    iam.create_group(GroupName="support")
    anywhere = {"Sid": "Roam", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.put_group_policy(GroupName="support", PolicyName="roam", PolicyDocument=_document(anywhere))


def _pipelines(iam: Any) -> None:
    """Terraform makes roles without a bound; the newer pipeline has one, and passes it on."""
    _role(iam, "terraform", _BY_ITSELF)
    iam.put_role_policy(RoleName="terraform", PolicyName="roles", PolicyDocument=_document(_MAKES_ROLES))
    bound = {**_MAKES_ROLES, "Condition": {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}}
    _policy(iam, "pipeline-boundary", {"Action": "cloudwatch:*", "Resource": "*"}, bound)
    _role(iam, "pipeline", _BY_ITSELF)
    iam.put_role_policy(RoleName="pipeline", PolicyName="roles", PolicyDocument=_document(_MAKES_ROLES))
    iam.put_role_permissions_boundary(RoleName="pipeline", PermissionsBoundary=BOUNDARY)


def _trusted(iam: Any) -> None:
    """The status page's role is everybody's; an auditor of years ago may still come in, without an external id."""
    _role(iam, "status-page", {"AWS": "*"})
    _role(iam, "audit-2023", {"AWS": f"arn:aws:iam::{AUDITOR}:root"})
    _role(iam, "monitoring-vendor", {"AWS": VENDOR}, {"StringEquals": {"sts:ExternalId": f"{NAME}-4f1c"}})


def _role(iam: Any, name: str, principal: Mapping[str, str], condition: Mapping[str, Any] | None = None) -> None:
    statement = {"Principal": principal, "Action": "sts:AssumeRole", **({"Condition": condition} if condition else {})}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(statement))


def _policy(iam: Any, name: str, *statements: Mapping[str, Any]) -> str:
    made = iam.create_policy(PolicyName=f"{NAME}-{name}", PolicyDocument=_document(*statements))
    return str(made["Policy"]["Arn"])


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def _with_boundary_uses(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for policy in parsed.get("Policies", []):
        if policy["Arn"] == BOUNDARY:
            policy["PermissionsBoundaryUsageCount"] = 1
