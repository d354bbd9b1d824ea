"""
The least-privilege IAM policy of a plan.
"""

from __future__ import annotations

import json

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from awsaudit.plan import Plan


SIZE: Final = 6144
"""
How many characters a managed policy may have, white space not counted.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


def policy(plan: Plan) -> dict[str, Any]:
    """Return the IAM policy document that admits the calls of *plan* and nothing else."""
    return _document(plan.actions())


def policies(plan: Plan) -> tuple[dict[str, Any], ...]:
    """Return the same as `policy` in as many documents as it takes for each to fit into a managed policy."""
    groups: list[list[str]] = [[]]
    for action in plan.actions():
        if _size([*groups[-1], action]) > SIZE:
            groups.append([])
        groups[-1].append(action)

    return tuple(_document(group) for group in groups)


def _document(actions: Iterable[str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Awsaudit", "Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }


def _size(actions: Iterable[str]) -> int:
    return len(json.dumps(_document(actions), separators=(",", ":")))


def as_json(plan: Plan) -> str:
    """Return the policy as one JSON document."""
    return json.dumps(policy(plan), indent=2)


def as_terraform(plan: Plan) -> str:
    """Return the policy as Terraform: a data source and a managed policy for each document."""
    return "\n\n".join(_terraform(f"awsaudit{_number(n, '_')}", document) for n, document in enumerate(policies(plan)))


def _terraform(name: str, document: Mapping[str, Any]) -> str:
    actions = "\n".join(f'      "{action}",' for action in document["Statement"][0]["Action"])
    return f"""data "aws_iam_policy_document" "{name}" {{
  statement {{
    sid       = "Awsaudit"
    effect    = "Allow"
    resources = ["*"]
    actions = [
{actions}
    ]
  }}
}}

resource "aws_iam_policy" "{name}" {{
  name   = "{name.replace("_", "-")}"
  policy = data.aws_iam_policy_document.{name}.json
}}"""


def as_cloudformation(plan: Plan) -> str:
    """Return the policy as a CloudFormation template with a managed policy for each document."""
    documents = policies(plan)
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What awsaudit reads",
        "Resources": {
            f"AwsauditPolicy{_number(n)}": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"Description": "What awsaudit reads", "PolicyDocument": document},
            }
            for n, document in enumerate(documents)
        },
        "Outputs": {
            f"PolicyArn{_number(n)}": {"Value": {"Ref": f"AwsauditPolicy{_number(n)}"}} for n in range(len(documents))
        },
    }
    return json.dumps(template, indent=2)


def _number(index: int, separator: str = "") -> str:
    """Return what tells the second and every further document from the first."""
    return f"{separator}{index + 1}" if index else ""


FORMS: Final[Mapping[str, Callable[[Plan], str]]] = {
    "json": as_json,
    "terraform": as_terraform,
    "cloudformation": as_cloudformation,
}
