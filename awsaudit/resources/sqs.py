"""
Amazon SQS.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import document, flag, integer, optional_text, tags, text, texts


@frozen
class Redrive:
    """
    Where a queue's messages go after too many receives.

    Args:
        target_arn: The dead-letter queue.

        max_receive_count: How often a message is received before it goes there.
    """

    target_arn: str
    max_receive_count: int | None


@frozen
class RedriveAllow:
    """
    Which queues may name a queue as their dead-letter queue.

    Args:
        permission: ``allowAll``, ``denyAll`` or ``byQueue``.

        source_arns: With ``byQueue``, the queues that may.
    """

    permission: str
    source_arns: tuple[str, ...]


def redrive_policy(value: Any) -> Redrive | None:
    """Parse a RedrivePolicy, which is JSON as text; None without a dead-letter queue."""
    policy = document(value)
    if policy is None or not policy.get("deadLetterTargetArn"):
        return None
    count = policy.get("maxReceiveCount")

    return Redrive(text(policy["deadLetterTargetArn"]), None if count is None else int(count))


def dead_letter_targets(value: Any) -> tuple[str, ...]:
    """Parse a RedrivePolicy into the ARN that it names, if any."""
    policy = redrive_policy(value)
    return (policy.target_arn,) if policy else ()


def redrive_allow_policy(value: Any) -> RedriveAllow:
    """Parse a RedriveAllowPolicy, which is JSON as text; without one every queue may."""
    policy = document(value) or {}
    return RedriveAllow(text(policy.get("redrivePermission", "allowAll")), texts(policy.get("sourceQueueArns")))


# AWS answers a NextToken only if the request sets MaxResults.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
LIST = Call("ListQueues", result="QueueUrls[]", page_size=("MaxResults", 1000))
ATTRIBUTES = Call(
    "GetQueueAttributes",
    result="Attributes",
    params={"QueueUrl": "$@", "AttributeNames": ["All"]},
    gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
)


TAGS = Call(
    "ListQueueTags",
    result="Tags",
    params={"QueueUrl": "$@"},
    gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
)


class Queue(Resource):
    """A queue, standard or FIFO."""

    service: ClassVar[str] = "sqs"
    type: ClassVar[str] = "AWS::SQS::Queue"
    listing: ClassVar[Call] = LIST
    label: ClassVar[str] = "url"

    url = Fact(LIST, "@", text, "The queue's URL.")
    sse_sqs = Fact(ATTRIBUTES, "SqsManagedSseEnabled", flag, "Messages are encrypted with a key that SQS owns.")
    kms_key_id = Fact(
        ATTRIBUTES, "KmsMasterKeyId", optional_text, "Id, ARN or alias of the KMS key; unset without SSE-KMS."
    )
    redrive = Fact(
        ATTRIBUTES, "RedrivePolicy", redrive_policy, "Its dead-letter queue; None where messages are received for ever."
    )
    dead_letter_arns = Fact(
        ATTRIBUTES, "RedrivePolicy", dead_letter_targets, "The ARN of its dead-letter queue, if it has one."
    )
    redrive_allow = Fact(
        ATTRIBUTES,
        "RedriveAllowPolicy",
        redrive_allow_policy,
        "Which queues may use it as their dead-letter queue; all, unless it says otherwise.",
    )
    policy = Fact(ATTRIBUTES, "Policy", document, "Its resource policy; unset without one.")
    visibility_timeout = Fact(
        ATTRIBUTES, "VisibilityTimeout", integer, "Seconds that a received message is hidden from others, 0 to 43200."
    )
    retention = Fact(ATTRIBUTES, "MessageRetentionPeriod", integer, "Seconds that messages are kept, 60 to 1209600.")
    content_based_deduplication = Fact(
        ATTRIBUTES,
        "ContentBasedDeduplication",
        flag,
        "A FIFO queue tells duplicates by the body, so that senders need not send a deduplication id.",
    )
    visible = Fact(ATTRIBUTES, "ApproximateNumberOfMessages", integer, "About how many messages can be received.")
    in_flight = Fact(
        ATTRIBUTES,
        "ApproximateNumberOfMessagesNotVisible",
        integer,
        "About how many messages were received and not deleted yet.",
    )
    deduplication_scope = Fact(
        ATTRIBUTES, "DeduplicationScope", optional_text, "``queue`` or ``messageGroup``; unset for a standard queue."
    )
    throughput_limit = Fact(
        ATTRIBUTES,
        "FifoThroughputLimit",
        optional_text,
        "``perQueue`` or ``perMessageGroupId``; unset for a standard one.",
    )
    tags = Fact(TAGS, "@", tags, "The queue's tags.")
    delayed = Fact(ATTRIBUTES, "ApproximateNumberOfMessagesDelayed", integer, "About how many messages wait a delay.")

    @property
    def name(self) -> str:
        """The queue's name, the last part of its URL."""
        return self.url.rpartition("/")[2]

    @property
    def arn(self) -> str:
        """The queue's ARN; its URL tells account and name."""
        account, name = self.url.split("/")[-2:]
        return f"arn:{self.partition}:sqs:{self.region}:{account}:{name}"

    @property
    def fifo(self) -> bool:
        """Whether the queue keeps the order; only then does its name end so, as AWS wants it."""
        return self.url.endswith(".fifo")
