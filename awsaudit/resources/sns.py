"""
Amazon SNS.

https://docs.aws.amazon.com/sns/latest/api/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.endpoint import Endpoint, endpoint
from awsaudit.parser import document, many, number, optional, optional_flag, optional_text, record, tags, text
from awsaudit.resources.sqs import dead_letter_targets


_GONE = ("NotFound", "NotFoundException")

TOPICS = Call("ListTopics", result="Topics[]")
TOPIC = Call("GetTopicAttributes", result="Attributes", params={"TopicArn": "$TopicArn"}, gone=_GONE)
TOPIC_SUBSCRIPTIONS = Call(
    "ListSubscriptionsByTopic", result="Subscriptions[]", params={"TopicArn": "$parent:TopicArn"}, gone=_GONE
)
SUBSCRIPTIONS = Call("ListSubscriptions", result="Subscriptions[]")
# The owner is the account itself; that of the topic stands in the topic's ARN.
FOREIGN_SUBSCRIPTIONS = Call("ListSubscriptions", result="Subscriptions[?!contains(TopicArn, not_null(Owner, ''))]")
# Most topics are standard ones, whose tags no check reads.
FIFO_TAGS = Call(
    "ListTagsForResource",
    result="Tags",
    params={"ResourceArn": "$TopicArn"},
    when="$ends_with(TopicArn, '.fifo')",
    gone=("ResourceNotFound", "ResourceNotFoundException"),
)
# One that waits for its confirmation has no ARN yet, but the words PendingConfirmation.
SUBSCRIPTION = Call(
    "GetSubscriptionAttributes",
    result="Attributes",
    params={"SubscriptionArn": "$SubscriptionArn"},
    when="$starts_with(SubscriptionArn, 'arn:')",
    gone=_GONE,
)
# They are the account's in a region, and asked for only where somebody is told by text message.
SMS_SANDBOX = Call("GetSMSSandboxAccountStatus", when="$Protocol == 'sms'")
SMS_NUMBERS = Call("ListSMSSandboxPhoneNumbers", result="PhoneNumbers[]", when="$Protocol == 'sms'")
SMS_LIMIT = Call(
    "GetSMSAttributes",
    result="attributes",
    params={"attributes": ["MonthlySpendLimit"]},
    when="$Protocol == 'sms'",
)


@frozen
class SandboxNumber:
    """
    A phone number that may get text messages while the account is in the sandbox.

    Args:
        number: What is kept of it.

        verified: Whether somebody proved to have it.
    """

    number: Endpoint
    verified: bool


def _is_verified(value: Any) -> bool:
    return text(value) == "Verified"


_NUMBERS = many(record(SandboxNumber, number=("PhoneNumber", endpoint), verified=("Status", _is_verified)))


class Topic(Resource):
    """A topic, standard or FIFO."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::Topic"
    listing: ClassVar[Call] = TOPICS

    arn = Fact(TOPICS, "TopicArn", text, "The topic's ARN.")
    policy = Fact(TOPIC, "Policy", document, "Its resource policy; unset without one.")
    kms_key_id = Fact(TOPIC, "KmsMasterKeyId", optional_text, "Id, ARN or alias of the KMS key; unset without one.")
    owner = Fact(TOPIC, "Owner", text, "The account that it belongs to.")
    fifo_tags = Fact(FIFO_TAGS, "@", tags, "The tags of a FIFO topic; those of a standard topic are not asked for.")

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
        TOPIC_SUBSCRIPTIONS,
        "Endpoint",
        endpoint,
        "Where messages go: an ARN, the host of a URL, the domain of a mail address, or the end of a phone number.",
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
    sms_sandbox = Fact(
        SMS_SANDBOX,
        "IsInSandbox",
        optional_flag,
        "Whether text messages go to verified numbers only; unset for other protocols.",
    )
    sms_numbers = Fact(
        SMS_NUMBERS,
        "@",
        _NUMBERS,
        "The numbers that the sandbox knows; none for other protocols.",
    )
    sms_limit = Fact(
        SMS_LIMIT,
        "MonthlySpendLimit",
        optional(number),
        "US dollars a month that text messages may cost; unset where AWS's quota is all that limits them.",
    )

    @property
    def confirmed(self) -> bool:
        """Whether messages are delivered; without its confirmation, and once it is deleted, they are not."""
        return self.subscription_arn.startswith("arn:")

    @property
    def arn(self) -> str:
        """The subscription's ARN; before it has one, the topic's with the protocol and a hash of the endpoint."""
        return _identity(self.subscription_arn, self.topic_arn, self.protocol, self.endpoint)


class Subscription(Resource):
    """A subscription that the account owns."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::Subscription"
    listing: ClassVar[Call] = SUBSCRIPTIONS

    arn = Fact(SUBSCRIPTIONS, "SubscriptionArn", text, "The subscription's ARN; PendingConfirmation before it has one.")
    dead_letter_arns = Fact(
        SUBSCRIPTION, "RedrivePolicy", dead_letter_targets, "The queue that takes what could not be delivered, if any."
    )


class ForeignSubscription(Resource):
    """A subscription of the account to a topic of another account."""

    service: ClassVar[str] = "sns"
    type: ClassVar[str] = "AWS::SNS::ForeignSubscription"
    listing: ClassVar[Call] = FOREIGN_SUBSCRIPTIONS

    subscription_arn = Fact(
        FOREIGN_SUBSCRIPTIONS, "SubscriptionArn", text, "The subscription's ARN, as with `TopicSubscription`."
    )
    topic_arn = Fact(FOREIGN_SUBSCRIPTIONS, "TopicArn", text, "The topic.")
    protocol = Fact(FOREIGN_SUBSCRIPTIONS, "Protocol", text, "How messages are delivered, as with `TopicSubscription`.")
    endpoint = Fact(FOREIGN_SUBSCRIPTIONS, "Endpoint", endpoint, "What is kept of where they go.")

    @property
    def arn(self) -> str:
        """The subscription's ARN; before it has one, the topic's with the protocol and a hash of the endpoint."""
        return _identity(self.subscription_arn, self.topic_arn, self.protocol, self.endpoint)


def _identity(subscription_arn: str, topic_arn: str, protocol: str, endpoint: Endpoint) -> str:
    if subscription_arn.startswith("arn:"):
        return subscription_arn

    return f"{topic_arn}:{protocol}-{endpoint.digest}"
