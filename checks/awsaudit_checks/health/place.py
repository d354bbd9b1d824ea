"""Where AWS Health delivers to, and which regions an account uses."""

from __future__ import annotations

from typing import Final

from awsaudit import Inventory
from awsaudit.declare import Kind
from awsaudit.resources import ecs, eks
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ecr import Repository
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.rds import DBCluster, DBInstance
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue


# https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
_GLOBAL: Final = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1"}
_BACKUP: Final = "us-west-2"
_STAND_IN: Final = {_BACKUP: "us-east-1", "cn-north-1": "cn-northwest-1", "cn-northwest-1": "cn-north-1"}

FOOTPRINT: Final = (
    Instance.id, DBInstance.arn, DBCluster.arn, eks.Cluster.name, ecs.Cluster.arn, Function.arn, Repository.arn, Topic.arn,
    Queue.url,
)  # fmt: skip
"""What `is_used` looks at; for a check's uses=. Each is what a listing tells, and no account has one by default."""

_KINDS: Final[tuple[Kind, ...]] = (
    Instance, DBInstance, DBCluster, eks.Cluster, ecs.Cluster, Function, Repository, Topic, Queue,
)  # fmt: skip


def global_region(partition: str) -> str | None:
    """Return the region in which events of services without regions arrive; None where AWS names none."""
    return _GLOBAL.get(partition)


def backup_region(regions: set[str]) -> str:
    """Return the region that gets copies of the public events of *regions*; in China, of every event."""
    first = min(regions)
    if len(regions) == 1 or first.startswith("cn-"):
        return _STAND_IN.get(first, _BACKUP)

    return _BACKUP


def is_used(region: str, account: Inventory) -> bool:
    """
    Tell whether the account has anything in *region*: instances, databases, clusters, functions, images, topics or queues.

    Raises:
        EvidenceMissing: Nothing was seen, and not all could be listed.
    """
    if any(True for kind in _KINDS for _ in account.seen(kind, region)):
        return True
    for kind in _KINDS:
        account.every(kind, region)

    return False
