"""Where the tasks of a service are put: subnets, routes and security groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Undecided
from awsaudit.reachability import Family, blocked, internet_gateway
from awsaudit.resources.ec2 import BlockPublicAccess, BlockPublicAccessExclusion, RouteTable, SecurityGroup, Subnet
from awsaudit.resources.ecs import Placement


PLACES: Final = (
    BlockPublicAccess, BlockPublicAccessExclusion, RouteTable, SecurityGroup.id, SecurityGroup.name,
    SecurityGroup.vpc_id, Subnet.id, Subnet.vpc_id,
)  # fmt: skip
"""What has to be known of a place, for the ``uses`` of a check."""


def subnets_of(place: Placement, region: str, account: Inventory) -> Iterator[Subnet]:
    """
    Yield the subnets of *place*.

    Raises:
        EvidenceMissing: The subnets of the region could not all be listed.
        Undecided: One is of the account that shares the VPC, or gone.
    """
    found = [subnet for subnet in account.every(Subnet, region) if subnet.id in place.subnet_ids]
    yield from found
    if len(found) < len(set(place.subnet_ids)):
        raise Undecided("one of its subnets could not be seen")


def groups_of(place: Placement, region: str, account: Inventory) -> Iterator[SecurityGroup]:
    """
    Yield the security groups of *place*: the VPC's default one where none is named.

    Raises:
        EvidenceMissing: The groups, or the subnets, could not all be listed.
        Undecided: One is of the account that shares the VPC, or gone.
    """
    every = account.every(SecurityGroup, region)
    vpcs = {subnet.vpc_id for subnet in account.every(Subnet, region) if subnet.id in place.subnet_ids}
    if place.group_ids:
        found = [group for group in every if group.id in place.group_ids]
    else:
        found = [group for group in every if group.name == "default" and group.vpc_id in vpcs]
    yield from found
    if len(found) < (len(set(place.group_ids)) or 1):
        raise Undecided("one of its security groups could not be seen")


def gateway_of(subnet: Subnet, account: Inventory) -> str | None:
    """
    Return the internet gateway by which the internet gets into *subnet* over IPv4; None if it does not.

    Raises:
        EvidenceMissing: Routes, or what blocks public access, could not be seen.
    """
    gateway = internet_gateway(subnet.id, subnet.vpc_id, subnet.region, account, Family.IPV4)
    return None if gateway is None or blocked(subnet.id, subnet.vpc_id, subnet.region, account) else gateway
