"""
AWS Lambda.

https://docs.aws.amazon.com/lambda/latest/api/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.parser import optional_text, text, texts


FUNCTIONS = Call("ListFunctions", result="Functions[]")
MAPPINGS = Call("ListEventSourceMappings", result="EventSourceMappings[]")
INVOKE_CONFIGS = Call(
    "ListFunctionEventInvokeConfigs",
    result="FunctionEventInvokeConfigs[]",
    params={"FunctionName": "$parent:FunctionName"},
    gone=("ResourceNotFoundException",),
)


class Function(Resource):
    """A function, in its unpublished version."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::Function"
    listing: ClassVar[Call] = FUNCTIONS

    arn = Fact(FUNCTIONS, "FunctionArn", text, "The function's ARN.")
    name = Fact(FUNCTIONS, "FunctionName", text, "The function's name.")
    dead_letter_arns = Fact(
        FUNCTIONS,
        "DeadLetterConfig.TargetArn",
        texts,
        "The queue or topic that takes asynchronous events that failed, if any.",
    )


class EventInvokeConfig(Resource):
    """How a function, a version or an alias of it handles asynchronous events."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::EventInvokeConfig"
    listing: ClassVar[Call] = INVOKE_CONFIGS
    parent: ClassVar[Kind] = Function

    arn = Fact(INVOKE_CONFIGS, "FunctionArn", text, "The ARN of the function, version or alias.")
    dead_letter_arns = Fact(
        INVOKE_CONFIGS,
        "DestinationConfig.OnFailure.Destination",
        texts,
        "What takes asynchronous events that failed, if anything does.",
    )


class EventSourceMapping(Resource):
    """What reads a queue or stream and calls a function with it."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::EventSourceMapping"
    listing: ClassVar[Call] = MAPPINGS

    id = Fact(MAPPINGS, "UUID", text, "The mapping's id.")
    source_arn = Fact(MAPPINGS, "EventSourceArn", optional_text, "What is read; unset for self-managed Kafka.")
    dead_letter_arns = Fact(
        MAPPINGS,
        "DestinationConfig.OnFailure.Destination",
        texts,
        "What takes records that failed, if anything does.",
    )

    @property
    def arn(self) -> str:
        """The mapping's ARN."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:event-source-mapping:{self.id}"
