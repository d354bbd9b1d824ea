"""
Amazon Elastic Container Service: where its workloads are.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Kind, Parser, Resource
from awsaudit.parser import document, flag, integer, optional, optional_text, record, text, texts


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
    params={"cluster": "$parent:@"},
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
class TaskDefinition:
    """
    A revision of a task definition; values of environment variables are not among what is read of it.

    Args:
        arn: Its ARN, which ends in family and revision.

        family: The family's name.

        revision: The revision.

        execution_role_arn: The role that pulls images, reads secrets and writes logs; None without one.

        task_role_arn: The role of the containers themselves; None without one.

        images: The image of each container, as written there.

        secrets: What containers, their logging and their registries' credentials name in Secrets Manager and Parameter
            Store: an ARN, which may go on with a JSON key, a version's label and its id, or a parameter's name.
    """

    arn: str
    family: str
    revision: int
    execution_role_arn: str | None
    task_role_arn: str | None
    images: tuple[str, ...]
    secrets: tuple[str, ...]


_SECRETS = (
    "containerDefinitions[].[secrets[].valueFrom, logConfiguration.secretOptions[].valueFrom, "
    "[repositoryCredentials.credentialsParameter]][][] | [?@]"
)


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
        TASK_DEFINITION,
        "@",
        optional(
            record(
                TaskDefinition,
                arn=("taskDefinitionArn", text),
                family=("family", text),
                revision=("revision", integer),
                execution_role_arn="executionRoleArn",
                task_role_arn="taskRoleArn",
                images=("containerDefinitions[].image", texts),
                secrets=(
                    _SECRETS,
                    _each_once,
                ),
            )
        ),
        "That of its newest tasks; unset where the service names none.",
    )


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


class Task(Resource):
    """A task that runs, of a service or by itself."""

    service: ClassVar[str] = "ecs"
    type: ClassVar[str] = "AWS::ECS::Task"
    listing: ClassVar[Call] = TASKS
    parent: ClassVar[Kind] = Cluster

    arn = Fact(TASKS, "@", text, "The task's ARN.")
    task_definition_arn = Fact(DESCRIBE_TASKS, "taskDefinitionArn", text, "The revision that it was started from.")
    images = Fact(DESCRIBE_TASKS, "containers[].image", texts, "The image of each container, as the definition has it.")
