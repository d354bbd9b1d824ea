"""
Whether a connection from a function in a VPC comes to a database: routes, network ACLs and security groups, both ways.

Each step holds, does not hold, or cannot be told. Addresses are those of subnets, since neither a function nor a database
keeps one of its own; IPv6 is not followed.
"""

from __future__ import annotations

import ipaddress

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from attrs import frozen

from awsaudit import EvidenceMissing, Hop, Inventory, Undecided
from awsaudit.network import admitted, network, route_table_of
from awsaudit.resources.ec2 import (
    AclEntry,
    NetworkAcl,
    Permission,
    PrefixList,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    VpcPeering,
)


ON_THE_WAY: Final = (
    NetworkAcl.id, NetworkAcl.subnet_ids, NetworkAcl.entries, PrefixList.id, PrefixList.entries, RouteTable.id,
    RouteTable.vpc_id, RouteTable.associations, RouteTable.routes, SecurityGroup.id, SecurityGroup.ingress,
    SecurityGroup.egress, Subnet.id, Subnet.vpc_id, Subnet.cidr, VpcPeering.id, VpcPeering.state,
)  # fmt: skip
"""What the functions here look at; for a check's uses=."""

_TCP: Final = frozenset({"tcp", "6", "-1"})
# Lambda's connections come from these ports, and answers go back to them.
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
_EPHEMERAL: Final = (1024, 65535)

Block: TypeAlias = ipaddress.IPv4Network
Ports: TypeAlias = tuple[int, int]


@frozen
class End:
    """
    Where a connection begins or ends.

    Args:
        name: What people call it.

        arn: Its ARN.

        type: CloudFormation's name of its type.

        region: The region.

        vpc_id: The VPC.

        subnets: The ids of the subnets that it is in, or may be.

        groups: The ids of its security groups.
    """

    name: str
    arn: str
    type: str
    region: str
    vpc_id: str
    subnets: tuple[str, ...]
    groups: tuple[str, ...]


@frozen
class Barrier:
    """
    What keeps a connection off.

    Args:
        message: What it is, in words.

        hop: The step that does not hold.

        egress: Whether the function's own security groups are it.

        ingress: Whether the database's security groups are it.
    """

    message: str
    hop: Hop
    egress: bool = False
    ingress: bool = False


@frozen
class Passage:
    """
    How far a connection comes.

    Args:
        steps: The steps that hold.

        barrier: What keeps it off; None where nothing does.
    """

    steps: tuple[Hop, ...]
    barrier: Barrier | None = None


def passage(start: End, end: End, port: int, account: Inventory) -> Passage:
    """
    Return how far a connection from *start* to *port* of *end* comes.

    What surely keeps it off is told, whatever else could not be seen.

    Raises:
        EvidenceMissing, Undecided: Nothing that could be seen keeps it off, and not everything could be seen.
    """
    blocks = _Blocks.of(start, end, account)
    steps: list[Hop] = []
    unknown: EvidenceMissing | Undecided | None = None
    for look in (_out_of_groups, _along_routes, _through_lists, _into_groups):
        try:
            step = look(start, end, port, blocks, account)
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
            continue
        if isinstance(step, Barrier):
            return Passage(tuple(steps), step)
        steps += [step] if step else []
    if unknown:
        raise unknown

    return Passage(tuple(steps))


@frozen
class _Blocks:
    """
    The address ranges of the subnets at both ends, by subnet.

    Args:
        start: Those where the connection begins.

        end: Those where it ends.
    """

    start: dict[str, Block]
    end: dict[str, Block]

    @classmethod
    def of(cls, start: End, end: End, account: Inventory) -> _Blocks:
        """
        Return those of *start* and *end*.

        Raises:
            Undecided: A subnet is not to be seen, or has no IPv4 addresses.
        """
        return cls(_blocks(start, account), _blocks(end, account))


def _blocks(end: End, account: Inventory) -> dict[str, Block]:
    known = {subnet.id: subnet.cidr for subnet in account.every(Subnet, end.region)}
    found: dict[str, Block] = {}
    for id_ in end.subnets:
        block = network(cidr) if (cidr := known.get(id_)) else None
        if not isinstance(block, ipaddress.IPv4Network):
            raise Undecided(f"the IPv4 addresses of {id_}, a subnet of {end.name}, are not known")
        found[id_] = block
    if not found:
        raise Undecided(f"AWS does not say in which subnets {end.name} is")

    return found


def _agreed(answers: Iterable[bool], doubt: Callable[[], str]) -> bool:
    """
    Return what all of *answers* say.

    Raises:
        Undecided: They differ.
    """
    given = set(answers)
    if len(given) > 1:
        raise Undecided(doubt())

    return True in given


# Security groups


def _out_of_groups(start: End, end: End, port: int, blocks: _Blocks, account: Inventory) -> Hop | Barrier:
    groups = _groups(start, account)
    entries = [entry for group in groups for entry in group.egress if entry.covers(port)]
    named = ", ".join(group.id for group in groups)
    if _admits(entries, end, blocks.end, account):
        return Hop(named, SecurityGroup.type, f"lets the function out to port {port}")
    words = f"does not let {start.name} out to port {port} of {end.name}"

    return Barrier(f"{named} {words}", Hop(named, SecurityGroup.type, words, holds=False), egress=True)


def _into_groups(start: End, end: End, port: int, blocks: _Blocks, account: Inventory) -> Hop | Barrier:
    groups = _groups(end, account)
    entries = [entry for group in groups for entry in group.ingress if entry.covers(port)]
    named = ", ".join(group.id for group in groups)
    if _admits(entries, start, blocks.start, account):
        return Hop(named, SecurityGroup.type, f"lets the function in on port {port}")
    words = f"does not let {start.name} in on port {port}"

    return Barrier(f"{named} {words}", Hop(named, SecurityGroup.type, words, holds=False), ingress=True)


def _groups(end: End, account: Inventory) -> tuple[SecurityGroup, ...]:
    found = tuple(group for group in account.every(SecurityGroup, end.region) if group.id in end.groups)
    if len(found) < len(set(end.groups)) or not found:
        raise Undecided(f"not every security group of {end.name} is to be seen")

    return found


def _admits(entries: Iterable[Permission], peer: End, blocks: dict[str, Block], account: Inventory) -> bool:
    """
    Tell whether *entries* admit *peer*, wherever in its subnets it is.

    Raises:
        EvidenceMissing: A prefix list that might could not be read.
        Undecided: It hangs on which of its addresses the peer has.
    """
    every = tuple(entries)
    if any(set(entry.groups) & set(peer.groups) for entry in every):
        return True
    plain = [cidr for entry in every for cidr in entry.ipv4]
    if all(_holds(plain, block) for block in blocks.values()):
        return True
    cidrs = [cidr for entry in every for cidr in admitted(entry, peer.region, account)]
    doubt = f"rules of security groups admit a part of the addresses that {peer.name} may have"
    answers = [_holds(cidrs, block) for block in blocks.values()]
    if any(_touches(cidrs, block) and not held for block, held in zip(blocks.values(), answers, strict=True)):
        raise Undecided(doubt)

    return _agreed(answers, lambda: doubt)


def _of_ipv4(cidrs: Iterable[str]) -> Iterator[Block]:
    yield from (block for cidr in cidrs if isinstance(block := network(cidr), ipaddress.IPv4Network))


def _holds(cidrs: Iterable[str], block: Block) -> bool:
    return any(block.subnet_of(wide) for wide in ipaddress.collapse_addresses(_of_ipv4(cidrs)))


def _touches(cidrs: Iterable[str], block: Block) -> bool:
    return any(block.overlaps(other) for other in _of_ipv4(cidrs))


# Routes


def _along_routes(start: End, end: End, _: int, blocks: _Blocks, account: Inventory) -> Hop | Barrier | None:
    if start.vpc_id == end.vpc_id:
        return None
    there = {_target(start, subnet, block, account) for subnet in blocks.start for block in blocks.end.values()}
    if there == {None}:
        words = f"no route leads from {', '.join(start.subnets)} to the VPC {end.vpc_id} of {end.name}"
        return Barrier(words, Hop(end.vpc_id, "AWS::EC2::VPC", "no route leads there", holds=False))
    (target, *others) = there
    if others or target is None or not target.startswith("pcx-"):
        names = ", ".join(sorted(filter(None, there)))
        raise Undecided(f"the way to the VPC of {end.name} leads over {names}, and is not followed")
    peering = account.first(VpcPeering, lambda each: each.id == target, start.region)
    if peering is None or peering.state != "active":
        raise Undecided(f"whether {target}, on the way to the VPC of {end.name}, is active cannot be seen")
    back = {_target(end, subnet, block, account) for subnet in blocks.end for block in blocks.start.values()}
    if back == {None}:
        words = f"no route leads back from the subnets of {end.name}"
        return Barrier(words, Hop(target, VpcPeering.type, "no route leads back", holds=False))
    if back != {target}:
        raise Undecided(f"not every subnet of {end.name} has a route back over {target}")

    return Hop(target, VpcPeering.type, "routes lead over it, there and back")


def _target(end: End, subnet: str, towards: Block, account: Inventory) -> str | None:
    """
    Return what the most specific active route from *subnet* to *towards*, in another VPC, leads to; None where none does.

    Raises:
        EvidenceMissing: The route tables could not all be listed.
        Undecided: A route is not followed.
    """
    table = route_table_of(subnet, end.vpc_id, end.region, account)
    target = _next(table, towards) if table else None
    # What goes through a NAT gateway, or an endpoint with a firewall, goes on along the routes of another subnet of the VPC.
    if target and target.startswith(("nat-", "vpce-")):
        tables = [each for each in account.every(RouteTable, end.region) if each.vpc_id == end.vpc_id]
        further = {_next(each, towards) for each in tables}
        if any(next_ and not next_.startswith(_NOWHERE) for next_ in further):
            raise Undecided(f"the way from {subnet} through {target} is not followed")
        return None

    return None if target is None or target.startswith(_NOWHERE) else target


# None of these leads to private addresses of another VPC by itself.
_NOWHERE: Final = ("local", "igw-", "eigw-", "nat-", "vpce-")


def _next(table: RouteTable, towards: Block) -> str | None:
    found: list[tuple[int, str]] = []
    for route in (route for route in table.routes if route.active):
        if route.prefix_list and _leads_to(route) and not _leads_to(route).startswith(_NOWHERE):
            raise Undecided(f"routes of {table.id} by prefix lists are not followed")
        block = network(route.ipv4) if route.ipv4 else None
        if isinstance(block, ipaddress.IPv4Network) and towards.subnet_of(block):
            found.append((block.prefixlen, _leads_to(route)))
        elif isinstance(block, ipaddress.IPv4Network) and block.overlaps(towards):
            raise Undecided(f"a route of {table.id} is for a part of {towards}")

    return max(found)[1] if found else None


def _leads_to(route: Route) -> str:
    return route.peering or route.transit_gateway or route.nat_gateway or route.gateway or "a network interface"


# Network ACLs


def _through_lists(start: End, end: End, port: int, blocks: _Blocks, account: Inventory) -> Hop | Barrier | None:
    wanted = (port, port)
    verdicts: dict[bool, str] = {}
    for here, block in blocks.start.items():
        for there, other in blocks.end.items():
            # Traffic within a subnet does not pass its network ACL.
            passes = here == there or (
                _lets(here, other, wanted, start.region, account, egress=True)
                and _lets(there, block, wanted, end.region, account, egress=False)
                and _lets(there, block, _EPHEMERAL, end.region, account, egress=True)
                and _lets(here, other, _EPHEMERAL, start.region, account, egress=False)
            )
            verdicts.setdefault(passes, f"{here} to {there}")
    if _agreed(verdicts, lambda: f"network ACLs refuse the way from {verdicts[False]}, and not every other one"):
        return None
    words = f"network ACLs refuse port {port}, or the answer, from {verdicts[False]}"

    return Barrier(words, Hop(end.subnets[0], NetworkAcl.type, words, holds=False))


def _lets(  # noqa: PLR0913 - whom to, on which ports and which way
    subnet: str, peer: Block, ports: Ports, region: str, account: Inventory, *, egress: bool
) -> bool:
    """
    Tell whether the network ACL of *subnet* lets traffic with *peer* through.

    Raises:
        EvidenceMissing: The lists could not all be seen.
        Undecided: It does for some addresses or ports and not for others.
    """
    acl = account.first(NetworkAcl, lambda each: subnet in each.subnet_ids, region)
    if acl is None:
        raise Undecided(f"the network ACL of {subnet} is not to be seen")
    met: set[bool] = set()
    for entry in sorted(acl.entries, key=lambda each: each.number):
        if entry.egress == egress and entry.protocol in _TCP and entry.ipv4 and _met(entry, peer, ports):
            met.add(entry.allow)
            if _covers(entry, peer, ports):
                break
    else:
        met |= {False}

    return _agreed(met, lambda: f"{acl.id} treats addresses or ports of the way differently")


def _met(entry: AclEntry, peer: Block, ports: Ports) -> bool:
    first, last = _range(entry)
    return _touches((entry.ipv4 or "",), peer) and first <= ports[1] and ports[0] <= last


def _covers(entry: AclEntry, peer: Block, ports: Ports) -> bool:
    first, last = _range(entry)
    return _holds((entry.ipv4 or "",), peer) and first <= ports[0] and ports[1] <= last


def _range(entry: AclEntry) -> Ports:
    return (0, 65535) if entry.from_port is None or entry.to_port is None else (entry.from_port, entry.to_port)
