"""
Amazon Elastic Container Service: where its workloads are.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Kind, Resource
from awsaudit.parser import integer, optional, optional_text, record, text, texts


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
