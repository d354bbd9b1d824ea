"""Which clusters a check is about."""

from __future__ import annotations

from awsaudit import NotApplicable
from awsaudit.resources.eks import Cluster


def refuse_connected(cluster: Cluster) -> None:
    """Raise NotApplicable for a cluster that AWS only shows and does not run."""
    if cluster.connector is not None:
        raise NotApplicable(f"a connected cluster, run by {cluster.connector}")


def refuse_local(cluster: Cluster) -> None:
    """Raise NotApplicable for a cluster whose control plane is not in a region of AWS."""
    refuse_connected(cluster)
    if cluster.outpost_arns:
        raise NotApplicable("a local cluster on an Outpost")


def refuse_unsettled(cluster: Cluster, *statuses: str) -> None:
    """Raise NotApplicable for a cluster that is in one of *statuses*."""
    if cluster.status in statuses:
        raise NotApplicable(f"the cluster is {cluster.status}")


def minor(version: str) -> int:
    """Return the minor number of a Kubernetes version such as 1.33."""
    return int(version.split(".")[1])


def next_minor(version: str) -> str:
    """Return the version that a cluster can be upgraded to: control planes go up one minor at a time."""
    return f"{version.partition('.')[0]}.{minor(version) + 1}"
