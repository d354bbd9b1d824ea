"""
AWS Lambda.

https://docs.aws.amazon.com/lambda/latest/api/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.parser import document, integer, number, optional_integer, optional_text, secret_hits, text, texts


_GONE = ("ResourceNotFoundException",)

FUNCTIONS = Call("ListFunctions", result="Functions[]")
# One error code for a function without a policy and for one that is no more.
# https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
POLICY = Call("GetPolicy", params={"FunctionName": "$FunctionName"}, absent=_GONE)
ALIASES = Call("ListAliases", result="Aliases[]", params={"FunctionName": "$parent:FunctionName"}, gone=_GONE)
ALIAS_POLICY = Call("GetPolicy", params={"FunctionName": "$parent:FunctionName", "Qualifier": "$Name"}, absent=_GONE)
VERSIONS = Call(
    "ListVersionsByFunction",
    result="Versions[?Version != '$LATEST']",
    params={"FunctionName": "$parent:FunctionName"},
    gone=_GONE,
)
VERSION_POLICY = Call(
    "GetPolicy", params={"FunctionName": "$parent:FunctionName", "Qualifier": "$Version"}, absent=_GONE
)
ALIAS_CONFIGURATION = Call(
    "GetFunctionConfiguration",
    params={"FunctionName": "$parent:FunctionName", "Qualifier": "$Name"},
    gone=_GONE,
)
URLS = Call(
    "ListFunctionUrlConfigs",
    result="FunctionUrlConfigs[]",
    params={"FunctionName": "$parent:FunctionName"},
    gone=_GONE,
)
# What a URL admits is decided by the policy of what it is of, the function or an alias; the ARN tells which.
URL_POLICY = Call("GetPolicy", params={"FunctionName": "$FunctionArn"}, absent=_GONE)
MAPPINGS = Call("ListEventSourceMappings", result="EventSourceMappings[]")
INVOKE_CONFIGS = Call(
    "ListFunctionEventInvokeConfigs",
    result="FunctionEventInvokeConfigs[]",
    params={"FunctionName": "$parent:FunctionName"},
    gone=_GONE,
)
# A mapping's ARN may name an alias or a version, whose settings are not those in the list of functions.
MAPPED_FUNCTION = Call("GetFunctionConfiguration", params={"FunctionName": "$FunctionArn"}, absent=_GONE)


def _weights(value: Any) -> Mapping[str, float]:
    return {text(version): number(weight) for version, weight in (value or {}).items()}


class Function(Resource):
    """A function, in its unpublished version."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::Function"
    listing: ClassVar[Call] = FUNCTIONS

    arn = Fact(FUNCTIONS, "FunctionArn", text, "The function's ARN.")
    name = Fact(FUNCTIONS, "FunctionName", text, "The function's name.")
    role_arn = Fact(FUNCTIONS, "Role", text, "The role that it runs with.")
    layer_arns = Fact(
        FUNCTIONS,
        "Layers[].Arn",
        texts,
        "The versions of layers whose files it has, in the order they are laid over it.",
    )
    timeout = Fact(FUNCTIONS, "Timeout", integer, "Seconds that it may run, 1 to 900.")
    vpc_id = Fact(FUNCTIONS, "VpcConfig.VpcId", optional_text, "The VPC that it reaches into; unset without one.")
    subnet_ids = Fact(FUNCTIONS, "VpcConfig.SubnetIds", texts, "The subnets of its network interfaces.")
    security_group_ids = Fact(FUNCTIONS, "VpcConfig.SecurityGroupIds", texts, "Their security groups.")
    kms_key_arn = Fact(
        FUNCTIONS,
        "KMSKeyArn",
        optional_text,
        "The key that encrypts its environment variables; unset for the key that AWS manages.",
    )
    policy = Fact(
        POLICY,
        "Policy",
        document,
        "Who may call the function without naming a version or alias; unset without a policy.",
    )
    secrets = Fact(
        FUNCTIONS, "Environment.Variables", secret_hits, "Secrets in its environment variables.", sensitive=True
    )
    environment_error = Fact(
        FUNCTIONS,
        "Environment.Error.ErrorCode",
        optional_text,
        "Why its variables are not shown, such as ``AccessDeniedException`` of their key; unset if they are.",
    )
    dead_letter_arns = Fact(
        FUNCTIONS,
        "DeadLetterConfig.TargetArn",
        texts,
        "The queue or topic that takes asynchronous events that failed, if any.",
    )


class FunctionAlias(Resource):
    """A name for one version of a function, or two."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::Alias"
    listing: ClassVar[Call] = ALIASES
    parent: ClassVar[Kind] = Function

    arn = Fact(ALIASES, "AliasArn", text, "The function's ARN and the alias's name.")
    name = Fact(ALIASES, "Name", text, "The alias's name, unique in its function.")
    version = Fact(ALIASES, "FunctionVersion", text, "The version that it stands for; ``$LATEST`` for the unpublished.")
    other_versions = Fact(
        ALIASES,
        "RoutingConfig.AdditionalVersionWeights",
        _weights,
        "The share of calls that go to another version, 0 to 1, by that version.",
    )
    policy = Fact(ALIAS_POLICY, "Policy", document, "Who may call the alias; unset without a policy.")
    dead_letter_arns = Fact(
        ALIAS_CONFIGURATION,
        "DeadLetterConfig.TargetArn",
        texts,
        "What takes asynchronous events that failed in the version that it stands for, if anything does.",
    )


class FunctionVersion(Resource):
    """A published version of a function."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::Version"
    listing: ClassVar[Call] = VERSIONS
    parent: ClassVar[Kind] = Function

    arn = Fact(VERSIONS, "FunctionArn", text, "The function's ARN and the version.")
    version = Fact(VERSIONS, "Version", text, "The version's number.")
    role_arn = Fact(VERSIONS, "Role", text, "The role that it runs with.")
    timeout = Fact(VERSIONS, "Timeout", integer, "Seconds that it may run, 1 to 900.")
    policy = Fact(VERSION_POLICY, "Policy", document, "Who may call the version; unset without a policy.")


class FunctionUrl(Resource):
    """An HTTPS address of a function, or of an alias of it."""

    service: ClassVar[str] = "lambda"
    type: ClassVar[str] = "AWS::Lambda::Url"
    listing: ClassVar[Call] = URLS
    parent: ClassVar[Kind] = Function

    arn = Fact(URLS, "FunctionArn", text, "The ARN of what it calls: the function, or an alias of it.")
    url = Fact(URLS, "FunctionUrl", text, "The address.")
    policy = Fact(URL_POLICY, "Policy", document, "Who may call what it is of; unset without a policy.")
    auth = Fact(URLS, "AuthType", text, "``AWS_IAM``, or ``NONE`` where Lambda asks nobody who they are.")


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
    function_arn = Fact(MAPPINGS, "FunctionArn", text, "What is called: a function, or a version or alias of it.")
    state = Fact(MAPPINGS, "State", text, "Enabled, Disabled, Creating, Enabling, Disabling, Updating or Deleting.")
    state_reason = Fact(
        MAPPINGS, "StateTransitionReason", optional_text, "Who changed it last, and why; unset where AWS does not say."
    )
    last_result = Fact(
        MAPPINGS, "LastProcessingResult", optional_text, "How reading went last; unset before the first time."
    )
    batching_window = Fact(
        MAPPINGS,
        "MaximumBatchingWindowInSeconds",
        optional_integer,
        "Seconds that records are gathered, at most; unset for AWS's default: none for queues and streams.",
    )
    batch_size = Fact(MAPPINGS, "BatchSize", optional_integer, "How many records are handed over at once, at most.")
    response_types = Fact(
        MAPPINGS, "FunctionResponseTypes", texts, "``ReportBatchItemFailures`` where the function tells what failed."
    )
    function_timeout = Fact(
        MAPPED_FUNCTION,
        "Timeout",
        optional_integer,
        "Seconds that what is called may run; unset if it is no more.",
    )
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
