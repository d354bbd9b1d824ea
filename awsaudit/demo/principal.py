"""
Roles of the company, and policy documents, as the parts of the example account make them.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any

from awsaudit.demo.company import Company


def document(*statements: Mapping[str, Any]) -> str:
    """Return the policy of *statements*, as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def make_role(
    company: Company,
    name: str,
    principal: Mapping[str, str],
    *statements: Mapping[str, Any],
    action: str = "sts:AssumeRole",
    condition: Mapping[str, Any] | None = None,
) -> str:
    """
    Make a role, and return its ARN.

    Args:
        company: The company.

        name: The role's name, and that of its inline policy.

        principal: Who may assume it.

        statements: What it may do; none for no policy.

        action: How it is assumed.

        condition: Under which conditions.
    """
    iam = company.client("iam")
    trust: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        trust["Condition"] = condition
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    if statements:
        put_policy(company, name, name, *statements)

    return str(arn)


def put_policy(company: Company, role: str, name: str, *statements: Mapping[str, Any]) -> None:
    """Give a role an inline policy."""
    company.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document(*statements))
