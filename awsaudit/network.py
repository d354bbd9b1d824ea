"""
What the network lets through: predicates over routes, security groups and network ACLs.

They read facts, so that evidence that was refused raises `EvidenceMissing` out of them.
"""

from __future__ import annotations

import functools
import ipaddress

from collections.abc import Iterable, Iterator

from awsaudit.inventory import Inventory
from awsaudit.resources.ec2 import AclEntry, NetworkAcl, Permission, PrefixList, Route, RouteTable, SecurityGroup


Network = ipaddress.IPv4Network | ipaddress.IPv6Network

EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


@functools.lru_cache(maxsize=4096)
def network(cidr: str) -> Network:
    """
    Return the network that *cidr* writes.

    Raises:
        ValueError: It writes none.
    """
    return ipaddress.ip_network(cidr, strict=False)


def is_whole_internet(cidrs: Iterable[str]) -> bool:
    """Tell whether *cidrs* add up to all IPv4 addresses, or to all IPv6 addresses that are in use (2000::/3)."""
    blocks = [network(cidr) for cidr in cidrs]
    v4 = [block for block in blocks if isinstance(block, ipaddress.IPv4Network)]
    v6 = [block for block in blocks if isinstance(block, ipaddress.IPv6Network)]
    whole4 = any(block.prefixlen == 0 for block in ipaddress.collapse_addresses(v4))
    unicast = ipaddress.IPv6Network("2000::/3")

    return whole4 or any(unicast.subnet_of(block) for block in ipaddress.collapse_addresses(v6))


def is_public(cidr: str) -> bool:
    """Tell whether *cidr* holds addresses of the internet, not only of private or other special networks."""
    block = network(cidr)
    # Addresses shared behind carriers and by pods (100.64.0.0/10) are neither private nor of the internet.
    return block.is_global or block.prefixlen == 0


def route_table_of(subnet_id: str, vpc_id: str, region: str, account: Inventory) -> RouteTable | None:
    """
    Return the route table that holds for a subnet: its own, else the main one of its VPC.

    Raises:
        EvidenceMissing: The tables could not all be listed.
    """
    tables = [table for table in account.every(RouteTable, region) if table.vpc_id == vpc_id]
    own = [table for table in tables if any(a.subnet_id == subnet_id for a in table.associations)]
    main = [table for table in tables if any(a.main for a in table.associations)]

    return next(iter([*own, *main]), None)


def default_routes(table: RouteTable) -> Iterator[Route]:
    """Yield the active routes of *table* that lead everywhere."""
    yield from (route for route in table.routes if route.active and {route.ipv4, route.ipv6} & EVERYWHERE)


def routes_to_internet(subnet_id: str, vpc_id: str, region: str, account: Inventory) -> bool:
    """
    Tell whether the internet can reach into a subnet: an active default route to an internet gateway.

    Raises:
        EvidenceMissing: The route tables could not all be listed.
    """
    table = route_table_of(subnet_id, vpc_id, region, account)
    return table is not None and any((route.gateway or "").startswith("igw-") for route in default_routes(table))


def admitted(permission: Permission, region: str, account: Inventory) -> tuple[str, ...]:
    """
    Return the CIDR blocks that *permission* admits, those of its prefix lists included.

    Raises:
        EvidenceMissing: A prefix list could not be read.
    """
    lists = [_entries(id_, region, account) for id_ in permission.prefix_lists]
    return (*permission.ipv4, *permission.ipv6, *(cidr for entries in lists for cidr in entries))


def _entries(id_: str, region: str, account: Inventory) -> tuple[str, ...]:
    found = account.first(PrefixList, lambda candidate: candidate.id == id_, region)
    return found.entries if found else ()


def open_ports(group: SecurityGroup, ports: Iterable[int], account: Inventory) -> Iterator[tuple[int, Permission]]:
    """
    Yield each of *ports* that *group* opens over TCP to the whole internet, with the entry that does.

    Entries that name their CIDR blocks outright come before those with prefix lists, so that a list that could not be
    read hides nothing that is plain.

    Raises:
        EvidenceMissing: No entry is plainly open, and a prefix list of one could not be read.
    """
    wanted = tuple(ports)
    entries = [(port, entry) for port in wanted for entry in group.ingress if entry.covers(port)]
    plain = [(port, entry) for port, entry in entries if is_whole_internet((*entry.ipv4, *entry.ipv6))]
    yield from plain
    if not plain:
        for port, entry in entries:
            if entry.prefix_lists and is_whole_internet(admitted(entry, group.region, account)):
                yield port, entry


def acl_admits(subnet_id: str, port: int, region: str, account: Inventory, *, protocol: str = "tcp") -> bool:
    """
    Tell whether the network ACL of a subnet lets somebody on the internet in on *port*, over TCP unless told otherwise.

    Raises:
        EvidenceMissing: The lists could not all be seen.
    """
    found = account.first(NetworkAcl, lambda acl: subnet_id in acl.subnet_ids, region)
    return found is None or _lets_in(found.entries, port, _PROTOCOLS[protocol])


_PROTOCOLS = {"tcp": "6", "udp": "17"}


def _lets_in(entries: Iterable[AclEntry], port: int, protocol: str) -> bool:
    """Walk the rules in order: what an earlier one refuses to everyone, a later one does not admit."""
    refused: list[str] = []
    for entry in sorted(entries, key=lambda e: e.number):
        cidr = entry.ipv4 or entry.ipv6
        if entry.egress or cidr is None or entry.protocol not in {"-1", protocol} or not _about(entry, port):
            continue
        if not entry.allow:
            refused.append(cidr)
        elif is_public(cidr) and not any(_within(cidr, other) for other in refused):
            return True

    return False


def _about(entry: AclEntry, port: int) -> bool:
    return entry.from_port is None or entry.to_port is None or entry.from_port <= port <= entry.to_port


def _within(cidr: str, other: str) -> bool:
    inner, outer = network(cidr), network(other)
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
