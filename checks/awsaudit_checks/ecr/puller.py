"""Whose role pulls images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory
from awsaudit.resources.ecs import Service
from awsaudit.resources.eks import Cluster, FargateProfile, Nodegroup


PULLERS: Final = (
    Nodegroup.node_role_arn, Nodegroup.name, Nodegroup.cluster_name, FargateProfile.pod_role_arn, FargateProfile.name,
    Cluster.auto_node_role_arn, Cluster.name, Service.task_definition,
)  # fmt: skip
"""What `pullers_of` looks at."""


def pullers_of(role_arn: str, account: Inventory) -> Iterator[str]:
    """
    Yield what pulls images with the role, in words.

    IRSA and Pod Identity are not among it: images are pulled by the kubelet, which has the node's role.

    Raises:
        EvidenceMissing: Some of what pulls images could not be seen; after what could.
    """
    for group in account.every(Nodegroup):
        if group.node_role_arn == role_arn:
            yield f"the nodes of {group.name}"
    for profile in account.every(FargateProfile):
        if profile.pod_role_arn == role_arn:
            yield f"Fargate for {profile.name}"
    for cluster in account.every(Cluster):
        if cluster.auto_node_role_arn == role_arn:
            yield f"Auto Mode of {cluster.name}"
    for service in account.every(Service):
        task = service.task_definition
        if task and task.execution_role_arn == role_arn:
            yield f"ECS for {task.family}"
