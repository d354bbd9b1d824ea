"""What snapshots of instances and of clusters have in common."""

from __future__ import annotations

from typing import Final, TypeAlias

from awsaudit.resources.rds import DBClusterSnapshot, DBSnapshot


Snapshot: TypeAlias = DBSnapshot | DBClusterSnapshot

UNSHARE: Final = (
    "aws rds modify-db-snapshot-attribute --region {region} --db-snapshot-identifier {name} --attribute-name restore "
    "--values-to-remove {sharer}"
)
"""Stops sharing a snapshot of an instance with ``sharer``."""

_UNSHARE_CLUSTER: Final = (
    "aws rds modify-db-cluster-snapshot-attribute --region {region} --db-cluster-snapshot-identifier {name} "
    "--attribute-name restore --values-to-remove {sharer}"
)


def unshare(snapshot: DBSnapshot | DBClusterSnapshot) -> str:
    """Return the command that stops sharing *snapshot* with ``sharer``."""
    return UNSHARE if isinstance(snapshot, DBSnapshot) else _UNSHARE_CLUSTER
