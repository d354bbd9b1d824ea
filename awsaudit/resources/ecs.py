"""
Amazon Elastic Container Service: where its workloads are.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Kind, Parser, Resource
from awsaudit.parser import (
    document,
    flag,
    integer,
    many,
    optional_integer,
    optional_text,
    record,
    tags,
    text,
    texts,
)
from awsaudit.resources.task_definition import TASK_DEFINITION as REVISION
from awsaudit.resources.task_definition import TASK_TEXT


_GONE = ("ClusterNotFoundException",)

LIST = Call("ListClusters", result="clusterArns[]")


class Cluster(Resource):
    """A cluster of ECS."""

    service: ClassVar[str] = "ecs"
    type: ClassVar[str] = "AWS::ECS::Cluster"
    listing: ClassVar[Call] = LIST

    arn = Fact(LIST, "@", text, "The cluster's ARN.")


SERVICES = Call(
    "ListServices",
    result="serviceArns[]",
    params={"cluster": "$parent:@"},
    page_size=("maxResults", 100),
    gone=_GONE,
)
DESCRIBE_SERVICES = Call(
    "DescribeServices",
    result="services[]",
    params={"cluster": "$parent:@", "include": ["TAGS"]},
    batch=Batch("services", 10, key="serviceArn", failures="failures[]", failure_key="arn", failure_code="reason"),
    gone=_GONE,
)


# While a deployment is under way there are two: that of the new tasks is read. Task sets, where there are any, say more
# than the service, which names none if an external controller deploys it.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
TASK_DEFINITION = Call(
    "DescribeTaskDefinition",
    result="taskDefinition",
    params={
        "taskDefinition": From(
            DESCRIBE_SERVICES, "(taskSets[?status == 'PRIMARY'].taskDefinition | [0]) || taskDefinition"
        )
    },
)


@frozen
class Placement:
    """
    Where the tasks of a service are, in network mode ``awsvpc``.

    Args:
        subnet_ids: Their subnets.

        group_ids: Their security groups; the VPC's default one where none is named.

        public_ip: They are given public addresses.

        by: What says so: ``service``, or the id of a task set or deployment.
    """

    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    public_ip: bool
    by: str


def _is_enabled(value: Any) -> bool:
    return bool(value == "ENABLED")


_AWSVPC = "networkConfiguration.awsvpcConfiguration"
_PLACEMENTS = (
    f"[[{{id: 'service', place: {_AWSVPC}}}], taskSets[].{{id: id, place: {_AWSVPC}}}, "
    f"deployments[].{{id: id, place: {_AWSVPC}}}][] | [?place]"
)


@frozen
class Balanced:
    """
    Where load balancers find the tasks of a service.

    Args:
        group_arns: The ARNs of target groups that its tasks are put into; two where deployments shift traffic.

        container: The name of the container.

        port: The container's port.
    """

    group_arns: tuple[str, ...]
    container: str | None
    port: int | None


@frozen
class Rollout:
    """
    How a service gets from one task definition to the next.

    Args:
        controller: Who deploys: ``ECS``, ``CODE_DEPLOY`` or ``EXTERNAL``.

        strategy: ``ROLLING``, or a strategy that shifts traffic: ``BLUE_GREEN``, ``LINEAR`` or ``CANARY``.

        stops: A deployment whose tasks do not come up is given up (the circuit breaker).

        rolls_back: ECS then goes back to the last deployment that worked.

        hooks: How many lifecycle hooks there are; what they are given is not kept.

        settings: What else the deployment configuration says, as the API takes it, hooks left out.
    """

    controller: str
    strategy: str
    stops: bool
    rolls_back: bool
    hooks: int
    settings: Mapping[str, Any]


def _or(default: str) -> Parser[str]:
    return lambda value: optional_text(value) or default


def _settings(value: Any) -> Mapping[str, Any]:
    return {name: setting for name, setting in (document(value) or {}).items() if setting is not None}


_BREAKER = "deploymentConfiguration.deploymentCircuitBreaker"
_SETTINGS = (
    "deploymentCircuitBreaker",
    "maximumPercent",
    "minimumHealthyPercent",
    "alarms",
    "strategy",
    "bakeTimeInMinutes",
    "earlySuccessCriteria",
)


def _each_once(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts(value)))


class Service(Resource):
    """A service of a cluster: tasks that ECS keeps running."""

    service: ClassVar[str] = "ecs"
    type: ClassVar[str] = "AWS::ECS::Service"
    listing: ClassVar[Call] = SERVICES
    parent: ClassVar[Kind] = Cluster

    arn = Fact(SERVICES, "@", text, "The service's ARN.")
    # Where an external deployment controller runs the service, its task sets say where.
    subnet_ids = Fact(
        DESCRIBE_SERVICES,
        "[networkConfiguration.awsvpcConfiguration.subnets, "
        "taskSets[].networkConfiguration.awsvpcConfiguration.subnets[]][] | [?@]",
        texts,
        "The subnets of its tasks in network mode awsvpc; empty in other modes.",
    )
    status = Fact(DESCRIBE_SERVICES, "status", text, "ACTIVE, DRAINING or INACTIVE.")
    tags = Fact(DESCRIBE_SERVICES, "tags", tags, "Its tags.")
    desired = Fact(DESCRIBE_SERVICES, "desiredCount", integer, "How many tasks it is to run.")
    scheduling = Fact(
        DESCRIBE_SERVICES,
        "schedulingStrategy",
        _or("REPLICA"),
        "``REPLICA`` for a number of tasks, ``DAEMON`` for one on each instance.",
    )
    placements = Fact(
        DESCRIBE_SERVICES,
        _PLACEMENTS,
        many(
            record(
                Placement,
                subnet_ids=("place.subnets", texts),
                group_ids=("place.securityGroups", texts),
                public_ip=("place.assignPublicIp", _is_enabled),
                by=("id", text),
            )
        ),
        "Where it, its task sets and its deployments put tasks in network mode awsvpc; empty in other modes.",
    )
    balanced = Fact(
        DESCRIBE_SERVICES,
        "[loadBalancers, taskSets[].loadBalancers[]][] | [?@]",
        many(
            record(
                Balanced,
                group_arns=("[targetGroupArn, advancedConfiguration.alternateTargetGroupArn] | [?@]", texts),
                container="containerName",
                port=("containerPort", optional_integer),
            )
        ),
        "Where load balancers find its tasks; none where no load balancer does.",
    )
    task_definition_arns = Fact(
        DESCRIBE_SERVICES,
        "[[taskDefinition], taskSets[].taskDefinition, deployments[].taskDefinition][] | [?@]",
        _each_once,
        "The task definitions of its tasks; more than one while a deployment is under way.",
    )
    rollout = Fact(
        DESCRIBE_SERVICES,
        "@",
        record(
            Rollout,
            controller=("deploymentController.type", _or("ECS")),
            strategy=("deploymentConfiguration.strategy", _or("ROLLING")),
            stops=(f"{_BREAKER}.enable", flag),
            rolls_back=(f"{_BREAKER}.rollback", flag),
            hooks=("deploymentConfiguration.lifecycleHooks[].[targetType]", lambda hooks: len(hooks or ())),
            settings=(f"deploymentConfiguration.{{{', '.join(f'{n}: {n}' for n in _SETTINGS)}}}", _settings),
        ),
        "How it gets from one task definition to the next.",
    )
    task_definition = Fact(
        TASK_DEFINITION, "@", REVISION, "That of its newest tasks; unset where the service names none."
    )
    task_text = Fact(TASK_DEFINITION, "@", TASK_TEXT, "Secrets and flags in it; unset as above.")


INSTANCES = Call(
    "ListContainerInstances",
    result="containerInstanceArns[]",
    params={"cluster": "$parent:@"},
    page_size=("maxResults", 100),
    gone=_GONE,
)
DESCRIBE_INSTANCES = Call(
    "DescribeContainerInstances",
    result="containerInstances[]",
    params={"cluster": "$parent:@"},
    batch=Batch(
        "containerInstances",
        100,
        key="containerInstanceArn",
        failures="failures[]",
        failure_key="arn",
        failure_code="reason",
    ),
    gone=_GONE,
)


class ContainerInstance(Resource):
    """An instance that a cluster places tasks on."""

    service: ClassVar[str] = "ecs"
    type: ClassVar[str] = "AWS::ECS::ContainerInstance"
    listing: ClassVar[Call] = INSTANCES
    parent: ClassVar[Kind] = Cluster

    arn = Fact(INSTANCES, "@", text, "The container instance's ARN.")
    subnet_id = Fact(
        DESCRIBE_INSTANCES,
        "attributes[?name == 'ecs.subnet-id'].value | [0]",
        optional_text,
        "The subnet that it is in; unset for one outside AWS.",
    )
    instance_id = Fact(DESCRIBE_INSTANCES, "ec2InstanceId", optional_text, "The id of the instance, or managed node.")


FAMILIES = Call(
    "ListTaskDefinitionFamilies", result="families[]", params={"status": "ACTIVE"}, page_size=("maxResults", 100)
)
NEWEST = Call(
    "DescribeTaskDefinition", result="taskDefinition", params={"taskDefinition": "$@"}, gone=("ClientException",)
)


class TaskFamily(Resource):
    """A family of task definitions that has an active revision."""

    service: ClassVar[str] = "ecs"
    type: ClassVar[str] = "AWS::ECS::TaskDefinition"
    listing: ClassVar[Call] = FAMILIES
    label: ClassVar[str] = "name"

    name = Fact(FAMILIES, "@", text, "The family's name.")
    task_definition = Fact(NEWEST, "@", REVISION, "Its newest active revision.")
    task_text = Fact(NEWEST, "@", TASK_TEXT, "Secrets and flags in that.")
    newest_arn = Fact(NEWEST, "taskDefinitionArn", text, "The newest active revision.")
    images = Fact(NEWEST, "containerDefinitions[].image", texts, "The image of each container of that revision.")

    @property
    def arn(self) -> str:
        """The ARN of its revisions, without the revision."""
        return f"arn:{self.partition}:ecs:{self.region}:{self.account}:task-definition/{self.name}"


TASKS = Call(
    "ListTasks", result="taskArns[]", params={"cluster": "$parent:@"}, page_size=("maxResults", 100), gone=_GONE
)
DESCRIBE_TASKS = Call(
    "DescribeTasks",
    result="tasks[]",
    params={"cluster": "$parent:@"},
    batch=Batch("tasks", 100, key="taskArn", failures="failures[]", failure_key="arn", failure_code="reason"),
    # A task that has stopped meanwhile.
    gone=(*_GONE, "MISSING"),
)


TASK_REVISION = Call(
    "DescribeTaskDefinition",
    result="taskDefinition",
    params={"taskDefinition": From(DESCRIBE_TASKS, "taskDefinitionArn")},
)


@frozen
class Binding:
    """
    A port of a host that leads to one of a container.

    Args:
        container: The name of the container.

        inside: The container's port.

        outside: The host's.
    """

    container: str
    inside: int
    outside: int


def _bindings(value: Any) -> tuple[Binding, ...]:
    # Each container with its bindings; ranges of ports have no single one, and those of UDP are left out.
    return tuple(
        Binding(name, inside, outside)
        for name, bound in value or ()
        for inside, outside, protocol in bound or ()
        if inside is not None and outside is not None and protocol != "udp"
    )


class Task(Resource):
    """A task that runs, of a service or by itself."""

    service: ClassVar[str] = "ecs"
    type: ClassVar[str] = "AWS::ECS::Task"
    listing: ClassVar[Call] = TASKS
    parent: ClassVar[Kind] = Cluster

    arn = Fact(TASKS, "@", text, "The task's ARN.")
    task_definition_arn = Fact(DESCRIBE_TASKS, "taskDefinitionArn", text, "The revision that it was started from.")
    interface_ids = Fact(
        DESCRIBE_TASKS,
        "attachments[].details[?name == 'networkInterfaceId'].value[]",
        texts,
        "Its network interfaces; none where it uses those of its host.",
    )
    host_arn = Fact(DESCRIBE_TASKS, "containerInstanceArn", optional_text, "Its container instance; unset on Fargate.")
    bindings = Fact(
        DESCRIBE_TASKS,
        "containers[].[name, networkBindings[].[containerPort, hostPort, protocol]]",
        _bindings,
        "Which ports of its host lead to which of its containers.",
    )
    images = Fact(DESCRIBE_TASKS, "containers[].image", texts, "The image of each container, as the definition has it.")
    task_definition = Fact(TASK_REVISION, "@", REVISION, "That revision.")
    task_text = Fact(TASK_REVISION, "@", TASK_TEXT, "Secrets and flags in it.")
