"""
Notifications of AWS's developer tools.

https://docs.aws.amazon.com/codestar-notifications/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import many, record, text, texts


RULES = Call("ListNotificationRules", result="NotificationRules[]")
RULE = Call("DescribeNotificationRule", params={"Arn": "$Arn"}, gone=("ResourceNotFoundException",))


@frozen
class RuleTarget:
    """
    Whom a notification rule tells.

    Args:
        type: ``SNS``, ``AWSChatbotSlack`` or ``AWSChatbotMicrosoftTeams``.

        address: The ARN of the topic or of the chat client.

        status: ``ACTIVE``, ``PENDING``, ``UNREACHABLE``, ``INACTIVE`` or ``DEACTIVATED``.
    """

    type: str
    address: str
    status: str


def _is_enabled(value: object) -> bool:
    return text(value) == "ENABLED"


class NotificationRule(Resource):
    """A rule that tells people what happens to a resource of the developer tools."""

    service: ClassVar[str] = "codestar-notifications"
    type: ClassVar[str] = "AWS::CodeStarNotifications::NotificationRule"
    listing: ClassVar[Call] = RULES

    arn = Fact(RULES, "Arn", text, "The rule's ARN.")
    name = Fact(RULE, "Name", text, "The rule's name.")
    resource = Fact(RULE, "Resource", text, "The ARN of what it is about.")
    enabled = Fact(RULE, "Status", _is_enabled, "Whether it tells anybody.")
    event_types = Fact(
        RULE,
        "EventTypes[].EventTypeId",
        texts,
        "The ids of what is told, such as ``codepipeline-pipeline-pipeline-execution-failed``.",
    )
    targets = Fact(
        RULE,
        "Targets",
        many(
            record(
                RuleTarget,
                type=("TargetType", text),
                address=("TargetAddress", text),
                status=("TargetStatus", text),
            )
        ),
        "Whom it tells.",
    )
