"""How a log group is made, and opened to EventBridge."""

from __future__ import annotations

import json

from typing import Final

from awsaudit import Inventory
from awsaudit.resources.logs import LogResourcePolicy
from awsaudit_checks.events.permission import EVENTS


CREATE_GROUP: Final = "aws logs create-log-group --region {region} --log-group-name {group}"
PUT_POLICY: Final = (
    "aws logs put-resource-policy --region {region} --policy-name {policy_name} --policy-document {policy_document}"
)
WRITE: Final = ("logs:CreateLogStream", "logs:PutLogEvents")


def admitting(arn: str, account: Inventory, region: str) -> dict[str, str]:
    """Return what `PUT_POLICY` is filled with to let EventBridge write to the log group *arn*, under a name that is free."""
    taken = {policy.name for policy in account.every(LogResourcePolicy, region)}
    names = ("AWSHealthEvents", *(f"AWSHealthEvents-{number}" for number in range(2, len(taken) + 3)))
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": [EVENTS, "delivery.logs.amazonaws.com"]},
        "Action": [*WRITE],
        "Resource": f"{arn}:*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}

    return {
        "policy_name": next(name for name in names if name not in taken),
        "policy_document": json.dumps(document, separators=(",", ":")),
    }
