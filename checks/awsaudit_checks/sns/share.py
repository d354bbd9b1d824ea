"""Topics with their policies."""

from __future__ import annotations

import json
import re

from typing import Final

from attrs import evolve

from awsaudit import Inventory
from awsaudit.access import Exposure, Statement
from awsaudit.resources.sns import Topic
from awsaudit_checks.exposed import Mend, Shared, exposure_of


SET: Final = "aws sns set-topic-attributes --region {region} --topic-arn {arn} --attribute-name Policy --attribute-value {new_policy}"
_OWN: Final = ("SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes", "SNS:SetTopicAttributes")


def shared(topic: Topic) -> Shared:
    """Return *topic* with its policy."""
    return Shared(topic.policy, f"the topic {topic.name}", topic.arn, Topic.type)


def mend(topic: Topic) -> Mend:
    """Return how the policy of *topic* is replaced; a topic has always one, so the last statement is the account's own."""
    own = {"Effect": "Allow", "Principal": {"AWS": topic.account}, "Action": list(_OWN), "Resource": topic.arn}
    least = json.dumps({"Version": "2012-10-17", "Statement": [own]}, separators=(",", ":"))

    return Mend(lambda policy: {"new_policy": policy or least})


def exposed(topic: Topic, account: Inventory) -> Exposure | None:
    """Return whom the policy of *topic* lets in, besides those who may only subscribe a fixed endpoint."""
    found = exposure_of(shared(topic), account)
    if found is None:
        return None

    return evolve(found, openings=tuple(o for o in found.openings if not _fixes_endpoint(o.statement)))


# https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html
def _fixes_endpoint(statement: Statement) -> bool:
    """Tell whether *statement* is for endpoints of one owner only; no request but a subscription has one."""
    return any(
        c.key == "sns:endpoint"
        and c.operator.name in {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
        and not (c.operator.negated or c.operator.if_exists or c.operator.quantifier == "forallvalues")
        and all(_is_fixed(value) for value in c.values)
        for c in statement.conditions
    )


# A mail address's domain, a URL's host, an ARN's account or a phone number, without wildcards.
_FIXED: Final = re.compile(r"[^@]*@[^*?]+|https?://[^*?/]+/.*|https?://[^*?/]+|arn:[^:]*:[^:]*:[^:]*:\d{12}:.*|\+\d+")


def _is_fixed(value: str) -> bool:
    return _FIXED.fullmatch(value) is not None
