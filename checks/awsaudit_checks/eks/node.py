"""The EC2 instances that are nodes of a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from awsaudit import Inventory
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import Cluster, Nodegroup


def _runs(instance: Instance) -> bool:
    return instance.state in {"pending", "running"}


def nodes_of_group(group: Nodegroup, account: Inventory) -> tuple[Instance, ...]:
    """
    Return the running nodes of a managed node group, by the tags that EKS gives them.

    Raises:
        EvidenceMissing: The instances could not all be listed.
    """
    return tuple(
        instance
        for instance in account.every(Instance, group.region)
        if _runs(instance)
        and instance.tags.get("eks:cluster-name") == group.cluster_name
        and instance.tags.get("eks:nodegroup-name") == group.name
    )


def nodes_of_cluster(cluster: Cluster, account: Inventory) -> tuple[Instance, ...]:
    """
    Return the running nodes of a cluster, however they were started.

    Raises:
        EvidenceMissing: The instances could not all be listed.
    """
    return tuple(
        instance
        for instance in account.every(Instance, cluster.region)
        if _runs(instance)
        and (
            instance.tags.get("eks:cluster-name") == cluster.name
            or instance.tags.get("aws:eks:cluster-name") == cluster.name
            or f"kubernetes.io/cluster/{cluster.name}" in instance.tags
        )
    )


def loose_nodes(cluster: Cluster, account: Inventory) -> tuple[Instance, ...]:
    """
    Return the running nodes of a cluster that belong to no managed node group: self-managed, Karpenter's, Auto Mode's.

    Raises:
        EvidenceMissing: The instances could not all be listed.
    """
    return tuple(node for node in nodes_of_cluster(cluster, account) if "eks:nodegroup-name" not in node.tags)


_SHOWN = 5


def some(words: Iterable[str]) -> str:
    """Return *words* as a phrase, those beyond the fifth counted only."""
    every: Sequence[str] = tuple(words)
    rest = len(every) - _SHOWN

    return ", ".join(every[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
