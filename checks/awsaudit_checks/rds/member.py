"""Settings of instances that are the cluster's where the instance is a member of a Multi-AZ cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.scope import is_aurora


INSTANCE: Final = "aws rds modify-db-instance --region {region} --db-instance-identifier {database}"
CLUSTER: Final = "aws rds modify-db-cluster --region {region} --db-cluster-identifier {database}"


def is_changed_at_cluster(instance: DBInstance) -> bool:
    """Tell whether *instance* is a member of a Multi-AZ cluster, whose members cannot be changed one by one."""
    return instance.cluster is not None and not is_aurora(instance)


def changed(instance: DBInstance) -> tuple[str, Mapping[str, str]]:
    """Return the beginning of the command that changes *instance*, and what fills it."""
    if is_changed_at_cluster(instance):
        return CLUSTER, {"database": instance.cluster or ""}

    return INSTANCE, {"database": instance.name}
