"""What an ARN says of a target: of which service it is, and where."""

from __future__ import annotations

from typing import Final

from awsaudit.resources.events import ApiDestination, EventBus
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.logs import LogGroup
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue
from awsaudit.resources.stepfunctions import StateMachine


_PARTS: Final = 6


def _part(arn: str, number: int) -> str:
    parts = arn.split(":", _PARTS - 1)
    return parts[number] if len(parts) == _PARTS else ""


def region_of(arn: str) -> str:
    """Return the region in *arn*; empty where it names none."""
    return _part(arn, 3)


def account_of(arn: str) -> str:
    """Return the account in *arn*; empty for what AWS owns."""
    return _part(arn, 4)


def kind_of(arn: str) -> str:
    """
    Return what *arn* names: the service as ARNs spell it, and for EventBridge what of it.

    That is ``event-bus``, ``api-destination``, or ``target`` for what EventBridge does itself, such as stopping an instance.
    """
    service = _part(arn, 2)
    return _part(arn, 5).partition("/")[0] if service == "events" else service


def is_built_in(arn: str) -> bool:
    """Tell whether *arn* is an action that EventBridge does itself, or something of AWS's: there is nothing to look up."""
    return kind_of(arn) in {"target", "ec2"} or not account_of(arn)


def type_of(arn: str) -> str:
    """Return CloudFormation's name of the type of what *arn* names, or the service."""
    return _TYPES.get(kind_of(arn), kind_of(arn))


_TYPES: Final = {
    "lambda": Function.type,
    "sqs": Queue.type,
    "sns": Topic.type,
    "logs": LogGroup.type,
    "states": StateMachine.type,
    "event-bus": EventBus.type,
    "api-destination": ApiDestination.type,
    "ecs": "AWS::ECS::TaskDefinition",
    "kinesis": "AWS::Kinesis::Stream",
    "firehose": "AWS::KinesisFirehose::DeliveryStream",
    "codepipeline": "AWS::CodePipeline::Pipeline",
    "codebuild": "AWS::CodeBuild::Project",
    "batch": "AWS::Batch::JobQueue",
    "execute-api": "AWS::ApiGateway::RestApi",
}
