"""
Amazon EventBridge.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from awsaudit.declare import Ago, Batch, Call, Fact, Kind, Resource
from awsaudit.parser import document, integer, moment, optional_integer, optional_text, secret_hits, text, texts
from awsaudit.resources.task_definition import TASK_DEFINITION as REVISION
from awsaudit.resources.task_definition import TASK_TEXT
from awsaudit.secrets import Hit


def total(value: Any) -> float | None:
    """Parse the datapoints of a metric into their sum; None where it was not asked for."""
    return None if value is None else sum(float(point) for point in value)


def any_given(value: Mapping[str, Any]) -> bool:
    """Parse parts of a structure into whether AWS gave any of them."""
    return any(part is not None for part in value.values())


def secrets_of_parts(value: Mapping[str, Any]) -> tuple[Hit, ...]:
    """Parse what the detectors said of a target's inputs, which AWS keeps in several places."""
    return tuple(hit for part in value.values() for hit in secret_hits(part))


BUSES = Call("ListEventBuses", result="EventBuses[]")
BUS = Call("DescribeEventBus", params={"Name": "$Name"}, gone=("ResourceNotFoundException",))
RULES = Call(
    "ListRules", result="Rules[]", params={"EventBusName": "$parent:Name"}, gone=("ResourceNotFoundException",)
)
TARGETS = Call(
    "ListTargetsByRule",
    result="Targets[]",
    params={"Rule": "$parent:Name", "EventBusName": "$parent:EventBusName"},
    gone=("ResourceNotFoundException",),
)
# The policy that a log group itself has; an ARN that ends with a wildcard is none of a log group.
LOG_GROUP_POLICY = Call(
    "DescribeResourcePolicies",
    service="logs",
    result="resourcePolicies[0]",
    params={"policyScope": "RESOURCE", "resourceArn": "$Arn"},
    when="$contains(Arn, ':log-group:') && !ends_with(Arn, ':*')",
    absent=("ResourceNotFoundException",),
)
# What a target names, asked for by that name: alias, version and revision included.
FUNCTION = Call(
    "GetFunctionConfiguration",
    service="lambda",
    params={"FunctionName": "$Arn"},
    when="$contains(Arn, ':function:')",
    absent=("ResourceNotFoundException",),
)
FUNCTION_POLICY = Call(
    "GetPolicy",
    service="lambda",
    params={"FunctionName": "$Arn"},
    when="$contains(Arn, ':function:')",
    absent=("ResourceNotFoundException",),
)
STATE_MACHINE = Call(
    "DescribeStateMachine",
    service="stepfunctions",
    params={"stateMachineArn": "$Arn", "includedData": "METADATA_ONLY"},
    when="$contains(Arn, ':stateMachine:')",
    absent=("StateMachineDoesNotExist",),
)
# ECS has no other code for a task definition that there is not.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
TASK_DEFINITION = Call(
    "DescribeTaskDefinition",
    service="ecs",
    result="taskDefinition",
    params={"taskDefinition": "$EcsParameters.TaskDefinitionArn"},
    absent=("ClientException",),
)
ARCHIVES = Call("ListArchives", result="Archives[]")
CONNECTIONS = Call("ListConnections", result="Connections[]")
API_DESTINATIONS = Call("ListApiDestinations", result="ApiDestinations[]")
ENDPOINTS = Call("ListEndpoints", result="Endpoints[]")

# Metrics of rules on the default bus have no bus among their dimensions.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
_DIMENSIONS = (
    "$EventBusName == 'default' && [{Name: 'RuleName', Value: Name}]"
    " || [{Name: 'EventBusName', Value: EventBusName}, {Name: 'RuleName', Value: Name}]"
)


def _sum_a_day(id: str, metric: str) -> dict[str, Any]:  # noqa: A002 - it is the query's id
    stat = {"Metric": {"Namespace": "AWS/Events", "MetricName": metric, "Dimensions": _DIMENSIONS}}
    return {"Id": f"{id}$scan:index", "MetricStat": {**stat, "Period": 86400, "Stat": "Sum"}}


# One request takes 500 queries.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
METRICS = Call(
    "GetMetricData",
    service="cloudwatch",
    result="MetricDataResults[]",
    params={"StartTime": Ago(days=7), "EndTime": Ago()},
    when="$State != 'DISABLED' && !ManagedBy",
    batch=Batch(
        "MetricDataQueries",
        250,
        each=[_sum_a_day("failed", "FailedInvocations"), _sum_a_day("lost", "InvocationsFailedToBeSentToDlq")],
        key="Id",
        value=["failed$scan:index", "lost$scan:index"],
        failures="MetricDataResults[?StatusCode != 'Complete']",
        failure_key="Id",
        failure_code="StatusCode",
    ),
)


class EventBus(Resource):
    """The default bus, one of the account's own, or one that a partner sends to."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::EventBus"
    listing: ClassVar[Call] = BUSES

    arn = Fact(BUSES, "Arn", text, "The bus's ARN.")
    name = Fact(BUSES, "Name", text, "The bus's name; ``default``, or ``aws.partner/…`` for a partner's.")
    managed_by = Fact(BUSES, "ManagedBy", optional_text, "The AWS service that made it; unset for the account's own.")
    policy = Fact(BUSES, "Policy", document, "Its resource policy; unset without one.")
    kms_key_id = Fact(BUS, "KmsKeyIdentifier", optional_text, "The customer managed key; unset where AWS owns the key.")
    dead_letter_arns = Fact(
        BUS, "DeadLetterConfig.Arn", texts, "The queue that takes events that could not be encrypted, if any."
    )
    log_level = Fact(BUS, "LogConfig.Level", optional_text, "``OFF``, ``ERROR``, ``INFO`` or ``TRACE``; unset is off.")


class Rule(Resource):
    """A rule on a bus: which events, or when, go to its targets."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::Rule"
    listing: ClassVar[Call] = RULES
    parent: ClassVar[Kind] = EventBus

    arn = Fact(RULES, "Arn", text, "The rule's ARN.")
    name = Fact(RULES, "Name", text, "The rule's name.")
    bus_name = Fact(RULES, "EventBusName", text, "The name of its bus.")
    state = Fact(RULES, "State", text, "ENABLED, DISABLED or ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.")
    managed_by = Fact(RULES, "ManagedBy", optional_text, "The AWS service that made it; unset for the account's own.")
    event_pattern = Fact(
        RULES, "EventPattern", optional_text, "The pattern of its events, JSON as text; unset for a schedule alone."
    )
    schedule = Fact(
        RULES, "ScheduleExpression", optional_text, "``rate(…)`` or ``cron(…)``; unset for a pattern alone."
    )
    role_arn = Fact(RULES, "RoleArn", optional_text, "The role that its targets are called with; unset without one.")
    failed_invocations = Fact(
        METRICS,
        "[0].Values",
        total,
        "Deliveries that failed for good within the last 7 days; None for a disabled or managed rule.",
    )
    lost_invocations = Fact(
        METRICS,
        "[1].Values",
        total,
        "Failed deliveries of the last 7 days that the dead-letter queue did not take either; None as above.",
    )


class Target(Resource):
    """One target of a rule."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::Target"
    listing: ClassVar[Call] = TARGETS
    parent: ClassVar[Kind] = Rule
    label: ClassVar[str] = "id"

    id = Fact(TARGETS, "Id", text, "The target's id, unique in its rule.")
    destination = Fact(TARGETS, "Arn", text, "The ARN of what events are sent to.")
    dead_letter_arns = Fact(
        TARGETS, "DeadLetterConfig.Arn", texts, "The queue that takes events that could not be delivered, if any."
    )
    retries = Fact(
        TARGETS,
        "RetryPolicy.MaximumRetryAttempts",
        optional_integer,
        "How often delivery is tried again, at most; unset for AWS's default, 185.",
    )
    retry_seconds = Fact(
        TARGETS,
        "RetryPolicy.MaximumEventAgeInSeconds",
        optional_integer,
        "Seconds for which delivery is tried again, at most; unset for AWS's default, a day.",
    )
    role_arn = Fact(
        TARGETS, "RoleArn", optional_text, "The role that EventBridge assumes for this target; unset without one."
    )
    task_definition_arn = Fact(
        TARGETS,
        "EcsParameters.TaskDefinitionArn",
        optional_text,
        "The task definition that it starts, perhaps without a revision; unset unless the target is a cluster of ECS.",
    )
    message_group_id = Fact(
        TARGETS, "SqsParameters.MessageGroupId", optional_text, "The message group for a FIFO queue; unset without."
    )
    secrets = Fact(
        TARGETS,
        "{input: Input, template: InputTransformer.InputTemplate, paths: InputTransformer.InputPathsMap,"
        " http: HttpParameters, sql: RedshiftDataParameters.Sql, sqls: RedshiftDataParameters.Sqls,"
        " pipeline: SageMakerPipelineParameters.PipelineParameterList, run: RunCommandParameters.RunCommandTargets}",
        secrets_of_parts,
        "What the secret detectors found in its inputs, templates, headers, statements and parameters.",
        sensitive=True,
    )

    reshaped = Fact(
        TARGETS,
        "{input: Input, path: InputPath, template: InputTransformer.InputTemplate}",
        any_given,
        "It is sent something else than the event itself.",
        sensitive=True,
    )
    log_group_policy = Fact(
        LOG_GROUP_POLICY,
        "policyDocument",
        document,
        "The resource policy of the log group that it is; unset without one, for other targets, and for an ARN with ``:*``.",
    )

    function_arn = Fact(
        FUNCTION,
        "FunctionArn",
        optional_text,
        "The function, version or alias that it is; unset where Lambda has none such, and for other targets.",
    )
    function_policy = Fact(
        FUNCTION_POLICY,
        "Policy",
        document,
        "Who may call the function, version or alias that it is; unset without a policy, and for other targets.",
    )
    state_machine_arn = Fact(
        STATE_MACHINE,
        "stateMachineArn",
        optional_text,
        "The state machine that it is; unset where Step Functions has none such, and for other targets.",
    )
    task_arn = Fact(
        TASK_DEFINITION,
        "taskDefinitionArn",
        optional_text,
        "The revision of the task definition that is started; unset where ECS has none such, and for other targets.",
    )
    task_images = Fact(
        TASK_DEFINITION, "containerDefinitions[].image", texts, "The images of the task; empty for other targets."
    )
    task_definition = Fact(TASK_DEFINITION, "@", REVISION, "That revision; unset as above.")
    task_text = Fact(TASK_DEFINITION, "@", TASK_TEXT, "Secrets and flags in it; unset as above.")
    task_status = Fact(
        TASK_DEFINITION, "status", optional_text, "ACTIVE, INACTIVE or DELETE_IN_PROGRESS; unset as above."
    )
    task_role_arns = Fact(
        TASK_DEFINITION,
        "[taskRoleArn, executionRoleArn] | [?@]",
        texts,
        "The roles that the task is given: that of its containers, and the one that starts them.",
    )

    @property
    def arn(self) -> str:
        """The rule's ARN and the target's id: AWS gives targets no ARN of their own."""
        rule = self.parent_resource
        return f"{rule.know('arn') if rule else ''}/{self.id}"


class Archive(Resource):
    """The events of a bus, kept to be replayed."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::Archive"
    listing: ClassVar[Call] = ARCHIVES

    name = Fact(ARCHIVES, "ArchiveName", text, "The archive's name.")
    bus_arn = Fact(ARCHIVES, "EventSourceArn", text, "The bus whose events are kept.")
    state = Fact(ARCHIVES, "State", text, "ENABLED, DISABLED, CREATING, UPDATING, CREATE_FAILED or UPDATE_FAILED.")
    state_reason = Fact(ARCHIVES, "StateReason", optional_text, "Why it is in its state; unset where AWS does not say.")
    retention_days = Fact(ARCHIVES, "RetentionDays || `0`", integer, "Days that events are kept; 0 is for ever.")

    @property
    def arn(self) -> str:
        """The archive's ARN."""
        return f"arn:{self.partition}:events:{self.region}:{self.account}:archive/{self.name}"


CONNECTION = Call("DescribeConnection", params={"Name": "$Name"}, gone=("ResourceNotFoundException",))


class Connection(Resource):
    """The authorization that API destinations send with."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::Connection"
    listing: ClassVar[Call] = CONNECTIONS

    arn = Fact(CONNECTIONS, "ConnectionArn", text, "The connection's ARN.")
    name = Fact(CONNECTIONS, "Name", text, "The connection's name.")
    state = Fact(CONNECTIONS, "ConnectionState", text, "AUTHORIZED and ACTIVE can be used, all others cannot.")
    state_reason = Fact(
        CONNECTIONS, "StateReason", optional_text, "Why it is in its state; unset where AWS does not say."
    )
    secret_arn = Fact(CONNECTION, "SecretArn", optional_text, "The secret that holds its credentials.")
    authorization = Fact(CONNECTIONS, "AuthorizationType", text, "BASIC, OAUTH_CLIENT_CREDENTIALS or API_KEY.")
    modified = Fact(CONNECTIONS, "LastModifiedTime", moment, "When it was last changed.")


class ApiDestination(Resource):
    """An HTTP endpoint that rules can send to."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::ApiDestination"
    listing: ClassVar[Call] = API_DESTINATIONS

    arn = Fact(API_DESTINATIONS, "ApiDestinationArn", text, "The destination's ARN.")
    name = Fact(API_DESTINATIONS, "Name", text, "The destination's name.")
    state = Fact(API_DESTINATIONS, "ApiDestinationState", text, "ACTIVE, or INACTIVE where its connection is not.")
    connection_arn = Fact(API_DESTINATIONS, "ConnectionArn", text, "The connection that it sends with.")
    url = Fact(API_DESTINATIONS, "InvocationEndpoint", text, "Where it sends to.")


class Endpoint(Resource):
    """A global endpoint: events go to a second region when the first is unwell. It is listed in its first region."""

    service: ClassVar[str] = "events"
    type: ClassVar[str] = "AWS::Events::Endpoint"
    listing: ClassVar[Call] = ENDPOINTS

    arn = Fact(ENDPOINTS, "Arn", text, "The endpoint's ARN.")
    name = Fact(ENDPOINTS, "Name", text, "The endpoint's name.")
    state = Fact(ENDPOINTS, "State", text, "ACTIVE, or one of creating, updating, deleting and their failures.")
    state_reason = Fact(
        ENDPOINTS, "StateReason", optional_text, "Why it is in its state; unset where AWS does not say."
    )
    replication = Fact(
        ENDPOINTS, "ReplicationConfig.State || 'ENABLED'", text, "ENABLED, also where AWS leaves it out, or DISABLED."
    )
    role_arn = Fact(ENDPOINTS, "RoleArn", optional_text, "The role that replicates events; unset without one.")
    bus_arns = Fact(ENDPOINTS, "EventBuses[].EventBusArn", texts, "The two buses, one in each region.")
