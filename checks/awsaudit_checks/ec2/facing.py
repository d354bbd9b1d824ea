"""Whether somebody on the internet reaches a host: by which interface, security group and port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.network import is_whole_internet
from awsaudit.reachability import BALANCERS, NETWORK, Reach, Source, Way, sources, way_to_interface
from awsaudit.resources.ec2 import Instance, NetworkAcl, NetworkInterface, Permission, SecurityGroup
from awsaudit.resources.elbv2 import TargetGroup
from awsaudit_checks.iam.certain import certain


FACING: Final = (*NETWORK, *BALANCERS)
"""What `facing` looks at, for the ``uses`` of a check."""

_LAST_PORT: Final = 65_535
_PROTOCOLS: Final = {"-1": "tcp", "6": "tcp", "17": "udp", "tcp": "tcp", "udp": "udp"}


@frozen
class Facing:
    """
    That the internet reaches a host.

    Args:
        port: A port on which it does.

        protocol: ``tcp`` or ``udp``.

        way: The way to it.
    """

    port: int
    protocol: str
    way: Way


@frozen
class _Try:
    interface: NetworkInterface
    group: SecurityGroup
    port: int
    protocol: str


def facing(instance: Instance, account: Inventory) -> Facing | None:
    """
    Return a way by which the internet reaches *instance* on a port that a security group opens to it; None if there is none.

    Raises:
        EvidenceMissing, Undecided: None was found, and not everything could be seen.
    """
    return next(iter(certain(_tries(instance, account), lambda each: _reached(each, account), most=1)), None)


def interfaces_on(instance: Instance, account: Inventory) -> tuple[NetworkInterface, ...]:
    """
    Return the network interfaces of *instance*.

    Raises:
        EvidenceMissing: The interfaces of the region could not all be listed.
    """
    every = account.every(NetworkInterface, instance.region)
    index = account.once(("interfaces of hosts", instance.region), lambda: _by_instance(every))

    return index.get(instance.id, ())


def groups_on(interface: NetworkInterface, account: Inventory) -> Iterator[SecurityGroup]:
    """
    Yield the security groups of *interface*.

    Raises:
        EvidenceMissing: The groups could not all be listed.
        Undecided: One is of the account that shares the VPC, and cannot be seen.
    """
    every = account.every(SecurityGroup, interface.region)
    known = account.once(("groups by id", interface.region), lambda: {group.id: group for group in every})
    yield from (known[id_] for id_ in interface.security_groups if id_ in known)
    hidden = [id_ for id_ in interface.security_groups if id_ not in known]
    if hidden:
        raise Undecided(f"its security group {hidden[0]} cannot be seen from this account")


def _by_instance(interfaces: tuple[NetworkInterface, ...]) -> Mapping[str, tuple[NetworkInterface, ...]]:
    found: dict[str, tuple[NetworkInterface, ...]] = {}
    for interface in interfaces:
        if interface.instance_id:
            found[interface.instance_id] = (*found.get(interface.instance_id, ()), interface)

    return found


def _tries(instance: Instance, account: Inventory) -> Iterator[_Try]:
    interfaces = interfaces_on(instance, account)
    for find in (_ports, _target_ports):
        for interface in interfaces:
            for group in groups_on(interface, account):
                for entry in group.ingress:
                    protocol = _PROTOCOLS.get(entry.protocol)
                    if protocol and _may_be_open(entry):
                        yield from (_Try(interface, group, p, protocol) for p in find(entry, interface, account))


def _may_be_open(entry: Permission) -> bool:
    return bool(entry.prefix_lists) or is_whole_internet((*entry.ipv4, *entry.ipv6))


def _reached(each: _Try, account: Inventory) -> Facing | None:
    for _, source in sources(each.group, (each.port,), account, each.protocol):
        way = _way(each, source, account)
        if way.reach is Reach.PUBLIC:
            return Facing(each.port, each.protocol, way)

    return None


def _way(each: _Try, source: Source, account: Inventory) -> Way:
    return way_to_interface(each.interface, each.port, source, each.group, account, protocol=each.protocol)


def _ports(entry: Permission, interface: NetworkInterface, account: Inventory) -> list[int]:
    """Return a port of each part of *entry* that network ACLs may judge differently."""
    first, last = _bounds(entry)
    edges = {first, last}
    for acl in account.seen(NetworkAcl, interface.region):
        if interface.subnet_id in acl.subnet_ids:
            for rule in acl.entries:
                if rule.from_port is not None and rule.to_port is not None:
                    edges |= {rule.from_port, rule.to_port + 1}

    return sorted(port for port in edges if first <= port <= last)


def _target_ports(entry: Permission, interface: NetworkInterface, account: Inventory) -> list[int]:
    """Return the ports of *entry* to which load balancers send traffic."""
    first, last = _bounds(entry)
    ids = {interface.instance_id, *interface.private_ips}
    groups = [group for group in account.every(TargetGroup, interface.region) if group.balancer_arns]
    serving = account.those_of(groups, lambda group: any(target.id in ids for target in group.targets))
    ports = {target.port for group in serving for target in group.targets if target.id in ids}

    return sorted(port for port in ports if port is not None and first <= port <= last)


def _bounds(entry: Permission) -> tuple[int, int]:
    if entry.protocol == "-1" or entry.from_port is None:
        return 0, _LAST_PORT

    return entry.from_port, entry.from_port if entry.to_port is None else entry.to_port
