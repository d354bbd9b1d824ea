"""Managed node groups, and how to replace one whose settings cannot be changed."""

from __future__ import annotations

import json

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from awsaudit import NotApplicable
from awsaudit.resources.eks import Cluster, Nodegroup


# EKS changes neither the subnets nor the AMI type of a node group, nor gives it a launch template.
# https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html
CREATE: Final = "aws eks create-nodegroup --region {region} --cli-input-json {successor}"
WAIT: Final = (
    "aws eks wait nodegroup-active --region {region} --cluster-name {cluster_name} --nodegroup-name {successor_name}"
)
SUCCEED: Final = f"{CREATE} && {WAIT}"
UPDATE: Final = (
    "aws eks update-nodegroup-version --region {region} --cluster-name {cluster_name} --nodegroup-name {name}"
)
UPDATE_VERSION: Final = f"{UPDATE} --kubernetes-version {{target_version}}"
UPDATE_TEMPLATE: Final = f"{UPDATE} --launch-template id={{launch_template_id}},version={{launch_template_version}}"

# EKS makes no Amazon Linux 2 AMIs any more. https://docs.aws.amazon.com/eks/latest/userguide/al2023.html
AMAZON_LINUX_2: Final[Mapping[str, str]] = {
    "AL2_x86_64": "AL2023_x86_64_STANDARD",
    "AL2_x86_64_GPU": "AL2023_x86_64_NVIDIA",
    "AL2_ARM_64": "AL2023_ARM_64_STANDARD",
}
OWN_AMI: Final = "CUSTOM"
_NAME_LENGTH = 63


def cluster_of(group: Nodegroup) -> Cluster:
    """Return the cluster of a node group."""
    return cast("Cluster", group.parent_resource)


def refuse_passing(group: Nodegroup) -> None:
    """Raise NotApplicable for a node group that is coming or going."""
    if group.status in {"CREATING", "DELETING"}:
        raise NotApplicable(f"the node group is {group.status}")


def runs_windows(group: Nodegroup) -> bool:
    """Tell whether AWS's Windows AMI runs on the nodes."""
    return (group.ami_type or "").startswith("WINDOWS_")


def succession(
    group: Nodegroup, word: str, *, subnets: Iterable[str] = (), template: str | None = None
) -> Mapping[str, str]:
    """
    Return what fills `SUCCEED`: a node group that takes the place of *group*.

    Args:
        group: The node group to replace.

        word: What its successor's name ends in.

        subnets: The successor's subnets; unset means those of *group*.

        template: Name of a launch template for the successor; unset means that of *group*, if it has one.
    """
    name = f"{(group.name)[: _NAME_LENGTH - len(word) - 1]}-{word}"
    own = {"id": group.launch_template_id, "version": group.launch_template_version}
    request: dict[str, Any] = {
        "clusterName": group.cluster_name,
        "nodegroupName": name,
        "nodeRole": group.node_role_arn,
        "subnets": [*subnets] or [*group.subnet_ids],
        "scalingConfig": {"minSize": group.min_size, "maxSize": group.max_size, "desiredSize": group.desired_size},
        "instanceTypes": [*group.instance_types],
        "amiType": None if group.ami_type == OWN_AMI else AMAZON_LINUX_2.get(group.ami_type or "", group.ami_type),
        "capacityType": group.capacity_type,
        "diskSize": None if template or group.launch_template_id else group.disk_size,
        "labels": dict(group.labels),
        "taints": [_given(key=t.key, value=t.value, effect=t.effect) for t in group.taints],
        "tags": {key: value for key, value in group.tags.items() if not key.startswith("aws:")},
        "launchTemplate": {"name": template} if template else own if group.launch_template_id else None,
    }

    return {"successor": json.dumps(_given(**request)), "successor_name": name}


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, [], {})}
