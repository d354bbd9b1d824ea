"""Which databases the checks of RDS are about."""

from __future__ import annotations

from typing import Final, TypeAlias

from awsaudit import NotApplicable
from awsaudit.resources.rds import DBCluster, DBInstance


Database: TypeAlias = DBInstance | DBCluster
"""What a check judges that asks the same of instances of their own and of clusters."""

# The calls of RDS return the databases of these services too.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
OTHER_SERVICES: Final = {"neptune": "Neptune", "docdb": "DocumentDB"}
"""Engines that the calls of RDS return and that are not its own, with their services."""


def refuse_outside_scope(database: DBInstance | DBCluster) -> None:
    """
    Raise NotApplicable for a database of another service, and for one that is not there yet or is going.

    Raises:
        NotApplicable: The checks of RDS are not about *database*.
    """
    if database.engine in OTHER_SERVICES:
        raise NotApplicable(f"a database of {OTHER_SERVICES[database.engine]}, not of RDS")
    refuse_passing(database)


def refuse_passing(database: DBInstance | DBCluster) -> None:
    """
    Raise NotApplicable for a database that is not there yet or is going.

    Raises:
        NotApplicable: It is being created or deleted.
    """
    if database.status in {"creating", "deleting"}:
        raise NotApplicable(f"it is {database.status}")


def refuse_member(database: DBInstance | DBCluster) -> None:
    """
    Raise NotApplicable for an instance of a cluster, where the setting is the cluster's.

    Raises:
        NotApplicable: The cluster is judged in its place.
    """
    if isinstance(database, DBInstance) and database.cluster is not None:
        raise NotApplicable(f"a member of the cluster {database.cluster}, which is judged in its place")


def refuse_replica(database: DBInstance | DBCluster) -> None:
    """
    Raise NotApplicable for a read replica, where the setting is its source's.

    Raises:
        NotApplicable: The source is judged in its place.
    """
    source = source_of(database)
    if source is not None:
        raise NotApplicable(f"a replica of {source}, which is judged in its place")


def source_of(database: DBInstance | DBCluster) -> str | None:
    """Return the name of what *database* replicates; None if it replicates nothing."""
    if isinstance(database, DBCluster):
        source = database.replication_source
    else:
        source = database.replica_of_instance or database.replica_of_cluster

    return source.rpartition(":")[2] if source else None


def refuse_custom(database: DBInstance | DBCluster) -> None:
    """
    Raise NotApplicable for RDS Custom, whose engines have not every setting of RDS.

    Raises:
        NotApplicable: RDS Custom has no such setting.
    """
    if database.engine.startswith("custom-"):
        raise NotApplicable("RDS Custom has no such setting")


def is_aurora(database: DBInstance | DBCluster) -> bool:
    """Tell whether the engine is an Aurora; the others that come in clusters make Multi-AZ clusters."""
    return database.engine.startswith("aurora")
