"""Whether the network lets the internet in to a database that has a public address."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.network import acl_admits, open_ports, routes_to_internet
from awsaudit.reachability import blocked
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit.resources.rds import DBCluster, DBInstance, DBSubnetGroup, GroupSubnet, Membership


@frozen
class Place:
    """
    Where a database is in the network.

    Args:
        region: The region.

        vpc_id: The VPC.

        subnets: The subnets that it may be in.

        groups: Its security groups.

        ports: The ports that it listens on.
    """

    region: str
    vpc_id: str
    subnets: tuple[GroupSubnet, ...]
    groups: tuple[Membership, ...]
    ports: tuple[int, ...]


@frozen
class Way:
    """
    The way of the internet to a database.

    Args:
        is_open: Whether it leads there.

        words: Which security group opens it, or what bars it.
    """

    is_open: bool
    words: str


def place_of_instance(instance: DBInstance) -> Place:
    """
    Return where *instance* is.

    It is in one of the group's subnets in its own zone, or its standby's; AWS does not say in which.

    Raises:
        Undecided: AWS does not say yet.
    """
    ports = tuple(dict.fromkeys(port for port in (instance.port, instance.listener_port) if port))
    if not ports or instance.vpc_id is None:
        raise Undecided("it is to be publicly accessible, and has no endpoint yet")
    zones = {instance.zone, instance.standby_zone}
    near = tuple(subnet for subnet in instance.subnets if subnet.zone in zones)

    return Place(instance.region, instance.vpc_id, near or instance.subnets, instance.security_groups, ports)


def place_of_cluster(cluster: DBCluster, account: Inventory) -> Place:
    """
    Return where *cluster* is, which has members in all subnets of its group.

    Raises:
        EvidenceMissing: The subnet groups could not be listed.
        Undecided: AWS does not say.
    """
    group = account.first(DBSubnetGroup, lambda candidate: candidate.name == cluster.subnet_group, cluster.region)
    if group is None or group.vpc_id is None or cluster.port is None:
        raise Undecided("it is publicly accessible, and AWS does not say in which subnets or on which port")

    return Place(cluster.region, group.vpc_id, group.subnets, cluster.security_groups, (cluster.port,))


def way_to(place: Place, account: Inventory) -> Way:
    """
    Return the way of the internet to *place*: through a security group, a route, the network ACL.

    What bars it is looked for first in security groups, so that it can be told where the rest was refused.

    Raises:
        EvidenceMissing: Nothing that could be seen bars the way, and not everything could.
    """
    ids = {group.id for group in place.groups if group.status in {None, "active"}}
    ports = _or(place.ports)
    groups = [group for group in account.every(SecurityGroup, place.region) if group.id in ids]
    opening = account.first_of(groups, lambda group: any(True for _ in open_ports(group, place.ports, account)))
    if opening is None:
        return Way(is_open=False, words=f"no security group opens port {ports} to the whole internet")
    routed = [s.id for s in place.subnets if routes_to_internet(s.id, place.vpc_id, place.region, account)]
    if not routed:
        return Way(is_open=False, words="its subnets have no route to an internet gateway")
    if not any(acl_admits(id_, port, place.region, account) for id_ in routed for port in place.ports):
        return Way(is_open=False, words=f"the network ACL refuses port {ports}")
    modes = [blocked(id_, place.vpc_id, place.region, account) for id_ in routed]
    if all(modes):
        return Way(is_open=False, words=f"VPC Block Public Access is on ({modes[0]})")
    port = next(iter(open_ports(opening, place.ports, account)))[0]

    return Way(is_open=True, words=f"the security group {opening.id} opens port {port} to the whole internet")


def _or(ports: Iterable[int]) -> str:
    return " or ".join(str(port) for port in ports)
