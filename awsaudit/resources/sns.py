"""
Amazon SNS.

https://docs.aws.amazon.com/sns/latest/api/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import text
from awsaudit.resources.sqs import dead_letter_targets


SUBSCRIPTIONS = Call("ListSubscriptions", result="Subscriptions[]")
# One that waits for its confirmation has no ARN yet, but the words PendingConfirmation.
SUBSCRIPTION = Call(
    "GetSubscriptionAttributes",
    result="Attributes",
    params={"SubscriptionArn": "$SubscriptionArn"},
    when="$starts_with(SubscriptionArn, 'arn:')",
    gone=("NotFound", "NotFoundException"),
)


class Subscription(Resource):
    """A subscription that the account owns."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::Subscription"
    listing: ClassVar[Call] = SUBSCRIPTIONS

    arn = Fact(SUBSCRIPTIONS, "SubscriptionArn", text, "The subscription's ARN; PendingConfirmation before it has one.")
    dead_letter_arns = Fact(
        SUBSCRIPTION, "RedrivePolicy", dead_letter_targets, "The queue that takes what could not be delivered, if any."
    )
