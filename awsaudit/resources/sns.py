"""
Amazon SNS.

https://docs.aws.amazon.com/sns/latest/api/
"""

from __future__ import annotations

import hashlib

from typing import ClassVar

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.parser import document, optional_text, text
from awsaudit.resources.sqs import dead_letter_targets


_GONE = ("NotFound", "NotFoundException")

TOPICS = Call("ListTopics", result="Topics[]")
TOPIC = Call("GetTopicAttributes", result="Attributes", params={"TopicArn": "$TopicArn"}, gone=_GONE)
TOPIC_SUBSCRIPTIONS = Call(
    "ListSubscriptionsByTopic", result="Subscriptions[]", params={"TopicArn": "$parent:TopicArn"}, gone=_GONE
)
SUBSCRIPTIONS = Call("ListSubscriptions", result="Subscriptions[]")
# One that waits for its confirmation has no ARN yet, but the words PendingConfirmation.
SUBSCRIPTION = Call(
    "GetSubscriptionAttributes",
    result="Attributes",
    params={"SubscriptionArn": "$SubscriptionArn"},
    when="$starts_with(SubscriptionArn, 'arn:')",
    gone=_GONE,
)


class Topic(Resource):
    """A topic, standard or FIFO."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::Topic"
    listing: ClassVar[Call] = TOPICS

    arn = Fact(TOPICS, "TopicArn", text, "The topic's ARN.")
    policy = Fact(TOPIC, "Policy", document, "Its resource policy; unset without one.")
    kms_key_id = Fact(TOPIC, "KmsMasterKeyId", optional_text, "Id, ARN or alias of the KMS key; unset without one.")
    owner = Fact(TOPIC, "Owner", text, "The account that it belongs to.")

    @property
    def name(self) -> str:
        """The topic's name, the last part of its ARN."""
        return self.arn.rpartition(":")[2]

    @property
    def fifo(self) -> bool:
        """Whether the topic keeps the order; only then does its name end so, as AWS wants it."""
        return self.arn.endswith(".fifo")


class TopicSubscription(Resource):
    """A subscription to a topic of the account, whoever owns it, confirmed or not."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::TopicSubscription"
    listing: ClassVar[Call] = TOPIC_SUBSCRIPTIONS
    parent: ClassVar[Kind] = Topic

    subscription_arn = Fact(
        TOPIC_SUBSCRIPTIONS,
        "SubscriptionArn",
        text,
        "The subscription's ARN; ``PendingConfirmation`` before it has one, ``Deleted`` after.",
    )
    topic_arn = Fact(TOPIC_SUBSCRIPTIONS, "TopicArn", text, "The topic.")
    protocol = Fact(
        TOPIC_SUBSCRIPTIONS,
        "Protocol",
        text,
        "``email``, ``email-json``, ``sms``, ``http``, ``https``, ``sqs``, ``lambda``, ``firehose`` or ``application``.",
    )
    endpoint = Fact(
        TOPIC_SUBSCRIPTIONS, "Endpoint", text, "Where messages go: an ARN, a URL, a mail address or a phone number."
    )
    owner = Fact(TOPIC_SUBSCRIPTIONS, "Owner", optional_text, "The account that it belongs to; unset where untold.")
    filter_policy = Fact(
        SUBSCRIPTION,
        "FilterPolicy",
        document,
        "Which messages it is for; unset for all of them, and before it is confirmed.",
    )
    filter_scope = Fact(
        SUBSCRIPTION,
        "FilterPolicyScope",
        optional_text,
        "What the filter looks at: ``MessageAttributes``, also where unset, or ``MessageBody``.",
    )

    @property
    def confirmed(self) -> bool:
        """Whether messages are delivered; without its confirmation, and once it is deleted, they are not."""
        return self.subscription_arn.startswith("arn:")

    @property
    def arn(self) -> str:
        """The subscription's ARN; before it has one, the topic's with the protocol and a hash of the endpoint."""
        if self.subscription_arn.startswith("arn:"):
            return self.subscription_arn
        endpoint = hashlib.sha256(self.endpoint.encode()).hexdigest()[:12]

        return f"{self.topic_arn}:{self.protocol}-{endpoint}"


class Subscription(Resource):
    """A subscription that the account owns."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::Subscription"
    listing: ClassVar[Call] = SUBSCRIPTIONS

    arn = Fact(SUBSCRIPTIONS, "SubscriptionArn", text, "The subscription's ARN; PendingConfirmation before it has one.")
    dead_letter_arns = Fact(
        SUBSCRIPTION, "RedrivePolicy", dead_letter_targets, "The queue that takes what could not be delivered, if any."
    )
