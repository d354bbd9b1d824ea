"""How a topic gets a key of its own, which lets in whoever publishes to it."""

from __future__ import annotations

import json

from collections.abc import Iterable
from typing import Any, Final

from awsaudit.resources.sns import Topic


NEW_KEY: Final = (
    "KEY=$(aws kms create-key --region {region} --description {description} --policy {new_key_policy} "
    "--query KeyMetadata.Arn --output text) && "
    "aws sns set-topic-attributes --region {region} --topic-arn {topic} --attribute-name KmsMasterKeyId "
    '--attribute-value "$KEY"'
)
"""Makes the key that `new_key` describes and gives it to the topic."""

ALARMS: Final = "cloudwatch.amazonaws.com"
_ACTIONS: Final = ("kms:GenerateDataKey*", "kms:Decrypt")


def new_key(topic: Topic, services: Iterable[str]) -> dict[str, str]:
    """
    Return what `NEW_KEY` is filled with: whoever of the account used *topic* goes on using it, and *services* may.

    Args:
        topic: The topic.

        services: The service principals that publish to it.
    """
    root = f"arn:{topic.partition}:iam::{topic.account}:root"
    suffix = "amazonaws.com.cn" if topic.partition == "aws-cn" else "amazonaws.com"
    through = {"kms:CallerAccount": topic.account, "kms:ViaService": f"sns.{topic.region}.{suffix}"}
    statements: list[dict[str, Any]] = [
        {"Sid": "Account", "Principal": {"AWS": root}, "Action": "kms:*"},
        {"Sid": "ThroughSNS", "Principal": {"AWS": "*"}, "Action": [*_ACTIONS], "Condition": {"StringEquals": through}},
    ]
    # The topic's own policy says for which of their resources: not every service says it to KMS, EventBridge for one.
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    named = sorted(set(services))
    if named:
        statements.append({"Sid": "Services", "Principal": {"Service": named}, "Action": [*_ACTIONS]})
    policy = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]

    return {
        "topic": topic.arn,
        "description": f"Encrypts the topic {topic.name}",
        "new_key_policy": json.dumps({"Version": "2012-10-17", "Statement": policy}, separators=(",", ":")),
    }
