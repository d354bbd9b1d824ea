"""
Amazon SQS.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, optional_text, text


# AWS answers a NextToken only if the request sets MaxResults.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
LIST = Call("ListQueues", result="QueueUrls[]", page_size=("MaxResults", 1000))
ATTRIBUTES = Call(
    "GetQueueAttributes",
    result="Attributes",
    params={"QueueUrl": "$@", "AttributeNames": ["All"]},
    gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
)


class Queue(Resource):
    """A queue, standard or FIFO."""

    service: ClassVar[str] = "sqs"
    type: ClassVar[str] = "AWS::SQS::Queue"
    listing: ClassVar[Call] = LIST
    label: ClassVar[str] = "url"

    url = Fact(LIST, "@", text, "The queue's URL.")
    arn = Fact(ATTRIBUTES, "QueueArn", text, "The queue's ARN.")
    sse_sqs = Fact(ATTRIBUTES, "SqsManagedSseEnabled", flag, "Messages are encrypted with a key that SQS owns.")
    kms_key_id = Fact(
        ATTRIBUTES, "KmsMasterKeyId", optional_text, "Id, ARN or alias of the KMS key; unset without SSE-KMS."
    )
