"""
Amazon EventBridge Pipes.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_text, text, texts


PIPES = Call("ListPipes", result="Pipes[]")
# Only pipes from streams can have a dead-letter queue.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html
PIPE = Call(
    "DescribePipe",
    result="SourceParameters",
    params={"Name": "$Name"},
    when="$contains(Source, ':kinesis:') || contains(Source, ':dynamodb:')",
    gone=("NotFoundException",),
)
WHOLE_PIPE = Call("DescribePipe", params={"Name": "$Name"}, gone=("NotFoundException",))


class Pipe(Resource):
    """A pipe from one source to one target."""

    service: ClassVar[str] = "pipes"
    type: ClassVar[str] = "AWS::Pipes::Pipe"
    listing: ClassVar[Call] = PIPES

    arn = Fact(PIPES, "Arn", text, "The pipe's ARN.")
    name = Fact(PIPES, "Name", text, "The pipe's name.")
    state = Fact(PIPES, "CurrentState", text, "RUNNING, STOPPED, or one of changes under way and their failures.")
    source = Fact(PIPES, "Source", text, "The ARN of what it reads; ``smk://…`` for Kafka that AWS does not run.")
    target = Fact(PIPES, "Target", text, "The ARN of what it sends to.")
    enrichment = Fact(PIPES, "Enrichment", optional_text, "The ARN of what it calls on the way; unset without.")
    role_arn = Fact(WHOLE_PIPE, "RoleArn", text, "The role that it reads, enriches and sends with.")
    kms_key_id = Fact(
        WHOLE_PIPE, "KmsKeyIdentifier", optional_text, "The customer managed key; unset where AWS owns the key."
    )
    dead_letter_arns = Fact(
        PIPE,
        "KinesisStreamParameters.DeadLetterConfig.Arn || DynamoDBStreamParameters.DeadLetterConfig.Arn",
        texts,
        "The queue or topic that takes what could not be delivered, if any.",
    )
