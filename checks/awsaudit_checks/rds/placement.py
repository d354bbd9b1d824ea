"""Which databases use a subnet group, and which subnets it could have."""

from __future__ import annotations

import re

from collections.abc import Iterable, Mapping

from awsaudit import NotApplicable
from awsaudit.inventory import Inventory
from awsaudit.resources.ec2 import Subnet
from awsaudit.resources.rds import DBCluster, DBInstance, DBSubnetGroup
from awsaudit_checks.rds.scope import OTHER_SERVICES, Database


def refuse_unused(group: DBSubnetGroup, account: Inventory) -> None:
    """
    Raise NotApplicable where no database of RDS is placed in *group*.

    Raises:
        NotApplicable: There is none.

        EvidenceMissing: None was seen, and the databases could not all be listed.
    """

    def uses(database: DBInstance | DBCluster) -> bool:
        return database.subnet_group == group.name and database.engine not in OTHER_SERVICES

    if not (account.first(DBInstance, uses, group.region) or account.first(DBCluster, uses, group.region)):
        raise NotApplicable("no database of RDS uses it")


def users_of(group: DBSubnetGroup, account: Inventory) -> tuple[Database, ...]:
    """
    Return the databases of RDS that are placed in *group*.

    Raises:
        NotApplicable: There are none.

        EvidenceMissing: The databases could not all be listed.
    """
    databases: tuple[Database, ...] = (
        *account.every(DBInstance, group.region),
        *account.every(DBCluster, group.region),
    )
    users = tuple(d for d in databases if d.subnet_group == group.name and d.engine not in OTHER_SERVICES)
    if not users:
        raise NotApplicable("no database of RDS uses it")

    return users


def is_regional(zone: str | None, region: str) -> bool:
    """Tell whether *zone* is an availability zone of *region*, not a local zone such as ``us-west-2-lax-1a``."""
    return re.fullmatch(re.escape(region) + "[a-z]", zone or "") is not None


def one_a_zone(own: Iterable[Subnet], others: Iterable[Subnet]) -> Mapping[str, str]:
    """Return the id of one subnet in each availability zone of the region, those of *own* before *others*."""
    chosen: dict[str, str] = {}
    for subnet in (*own, *others):
        if subnet.outpost_arn is None and is_regional(subnet.zone, subnet.region):
            chosen.setdefault(subnet.zone, subnet.id)

    return chosen
