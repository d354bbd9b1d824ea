"""
Amazon Elastic Container Service: where its workloads are.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Batch, Call, Fact, Kind, Resource
from awsaudit.parser import optional_text, text, texts


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
