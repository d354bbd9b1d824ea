"""
The least-privilege IAM policy of a plan.
"""

from __future__ import annotations

import json

from collections.abc import Callable, Mapping
from typing import Any, Final

from awsaudit.plan import Plan


def policy(plan: Plan) -> dict[str, Any]:
    """Return the IAM policy document that admits the calls of *plan* and nothing else."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Awsaudit", "Effect": "Allow", "Action": list(plan.actions()), "Resource": "*"}],
    }


def as_json(plan: Plan) -> str:
    """Return the policy as a JSON document."""
    return json.dumps(policy(plan), indent=2)


def as_terraform(plan: Plan) -> str:
    """Return the policy as a Terraform data source."""
    actions = "\n".join(f'      "{action}",' for action in plan.actions())
    return f"""data "aws_iam_policy_document" "awsaudit" {{
  statement {{
    sid       = "Awsaudit"
    effect    = "Allow"
    resources = ["*"]
    actions = [
{actions}
    ]
  }}
}}

resource "aws_iam_policy" "awsaudit" {{
  name   = "awsaudit"
  policy = data.aws_iam_policy_document.awsaudit.json
}}"""


def as_cloudformation(plan: Plan) -> str:
    """Return the policy as a CloudFormation template with one managed policy."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What awsaudit reads",
        "Resources": {
            "AwsauditPolicy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"Description": "What awsaudit reads", "PolicyDocument": policy(plan)},
            }
        },
        "Outputs": {"PolicyArn": {"Value": {"Ref": "AwsauditPolicy"}}},
    }
    return json.dumps(template, indent=2)


FORMS: Final[Mapping[str, Callable[[Plan], str]]] = {
    "json": as_json,
    "terraform": as_terraform,
    "cloudformation": as_cloudformation,
}
