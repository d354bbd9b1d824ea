"""How to change a parameter of a database, whose parameter group may be one of AWS's that nobody can change."""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from awsaudit.resources.rds import DBCluster, DBInstance


CHANGE: Final = (
    "aws rds modify-db-parameter-group --region {region} --db-parameter-group-name {group} --parameters {parameters}"
)
"""Changes a parameter group of instances."""

CHANGE_CLUSTER: Final = (
    "aws rds modify-db-cluster-parameter-group --region {region} --db-cluster-parameter-group-name {group} "
    "--parameters {parameters}"
)
"""Changes a parameter group of clusters."""

_ADOPT: Final = (
    "aws rds create-db-parameter-group --region {region} --db-parameter-group-name {group} "
    "--db-parameter-group-family {family} --description {purpose} && "
    f"{CHANGE} && "
    "aws rds modify-db-instance --region {region} --db-instance-identifier {name} --db-parameter-group-name {group}"
)
_ADOPT_CLUSTER: Final = (
    "aws rds create-db-cluster-parameter-group --region {region} --db-cluster-parameter-group-name {group} "
    "--db-parameter-group-family {family} --description {purpose} && "
    f"{CHANGE_CLUSTER} && "
    "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --db-cluster-parameter-group-name {group}"
)


@frozen
class Change:
    """
    A command that changes parameters.

    Args:
        cli: The command.

        fill: What fills its placeholders.
    """

    cli: str
    fill: Mapping[str, str]


def change_of(
    database: DBInstance | DBCluster, group: str, values: Mapping[str, str], method: str = "immediate"
) -> Change:
    """
    Return how to set parameters of *database*.

    Args:
        database: The database.

        group: Its parameter group; where that is one of AWS's own, a new one takes its place.

        values: The parameters' new values.

        method: ``immediate``, or ``pending-reboot`` for parameters that are read at the start only.
    """
    fill = {"group": group, "parameters": _parameters(values, method)}
    cluster = isinstance(database, DBCluster)
    if not group.startswith("default."):
        return Change(CHANGE_CLUSTER if cluster else CHANGE, fill)
    # AWS's own groups are called after their family, such as default.aurora-mysql8.0.
    fill |= {
        "group": f"{database.name}-parameters",
        "family": group.removeprefix("default."),
        "purpose": f"Parameters of {database.name}",
    }

    return Change(_ADOPT_CLUSTER if cluster else _ADOPT, fill)


def _parameters(values: Mapping[str, str], method: str) -> str:
    return json.dumps(
        [{"ParameterName": n, "ParameterValue": v, "ApplyMethod": method} for n, v in sorted(values.items())]
    )
