"""
Amazon EventBridge Pipes.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import text, texts


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


class Pipe(Resource):
    """A pipe from one source to one target."""

    service: ClassVar[str] = "pipes"
    type: ClassVar[str] = "AWS::Pipes::Pipe"
    listing: ClassVar[Call] = PIPES

    arn = Fact(PIPES, "Arn", text, "The pipe's ARN.")
    name = Fact(PIPES, "Name", text, "The pipe's name.")
    dead_letter_arns = Fact(
        PIPE,
        "KinesisStreamParameters.DeadLetterConfig.Arn || DynamoDBStreamParameters.DeadLetterConfig.Arn",
        texts,
        "The queue or topic that takes what could not be delivered, if any.",
    )
