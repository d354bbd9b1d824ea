"""
Whether somebody on the internet reaches a port: through a public address, an internet gateway, network ACL and security
group, or through a load balancer that faces the internet.

Three-valued like everything else: what bars the way for certain is enough, whatever else was refused; where nothing
does and not everything could be seen, `EvidenceMissing` is raised. Classic load balancers, gateway load balancers and
AWS Global Accelerator are not followed.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

import enum

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from attrs import evolve, frozen

from awsaudit.check import Hop
from awsaudit.errors import EvidenceMissing
from awsaudit.inventory import Inventory
from awsaudit.network import acl_admits, admitted, default_routes, is_whole_internet, network, route_table_of
from awsaudit.resources.ec2 import (
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    NetworkAcl,
    NetworkInterface,
    Permission,
    PrefixList,
    RouteTable,
    SecurityGroup,
)
from awsaudit.resources.elbv2 import Listener, LoadBalancer, TargetGroup


NETWORK: Final = (
    BlockPublicAccess, BlockPublicAccessExclusion, NetworkAcl, NetworkInterface.id, NetworkInterface.subnet_id,
    NetworkInterface.vpc_id, NetworkInterface.security_groups, NetworkInterface.instance_id, NetworkInterface.public_ips,
    NetworkInterface.private_ips, NetworkInterface.ipv6, PrefixList, RouteTable, SecurityGroup,
)  # fmt: skip
"""What has to be known of the network, for the ``uses`` of a check."""

BALANCERS: Final = (LoadBalancer, Listener.port, Listener.protocol, TargetGroup)
"""What has to be known of load balancers."""


class Family(enum.Enum):
    """A version of IP; the value is how people call it."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


class Reach(enum.Enum):
    """How far somebody on the internet gets."""

    PUBLIC = "reachable"
    """To a network interface."""

    LATENT = "latent"
    """A security group would let them in; something else bars the way, which may change."""

    UNUSED = "unattached"
    """The security group is on no network interface."""


@frozen
class Source:
    """
    An entry of a security group that lets the whole internet in.

    Args:
        entry: The entry.

        families: For which versions of IP.

        words: The CIDR blocks and prefix lists, as a phrase.
    """

    entry: Permission
    families: frozenset[Family]
    words: str


@frozen
class Way:
    """
    The way of the internet to a port.

    Args:
        reach: How far it leads.

        words: How it leads there, or what bars it.

        path: The steps; the last one does not hold where the way is barred.

        interface: The network interface that it leads to, or the first one that it would.
    """

    reach: Reach
    words: str
    path: tuple[Hop, ...] = ()
    interface: NetworkInterface | None = None


def sources(
    group: SecurityGroup, ports: Iterable[int], account: Inventory, protocol: str = "tcp"
) -> tuple[tuple[int, Source], ...]:
    """
    Return each of *ports* that *group* opens to the whole internet, with the entry that does.

    Raises:
        EvidenceMissing: No entry is plainly open, and a prefix list of one could not be read.
    """
    entries = [(port, entry) for port in ports for entry in group.ingress if entry.covers(port, protocol)]
    plain = [(port, source) for port, entry in entries if (source := _source(entry, (*entry.ipv4, *entry.ipv6)))]
    if plain:
        return tuple(plain)
    named = [(port, entry) for port, entry in entries if entry.prefix_lists]

    return tuple(
        (port, evolve(source, words=", ".join(entry.prefix_lists)))
        for port, entry in named
        if (source := _source(entry, admitted(entry, group.region, account)))
    )


def _source(entry: Permission, cidrs: Iterable[str]) -> Source | None:
    cidrs = tuple(cidrs)
    by_family = {
        Family.IPV4: [cidr for cidr in cidrs if network(cidr).version == 4],  # noqa: PLR2004 - IPv4
        Family.IPV6: [cidr for cidr in cidrs if network(cidr).version == 6],  # noqa: PLR2004 - IPv6
    }
    families = frozenset(family for family, blocks in by_family.items() if is_whole_internet(blocks))

    return Source(entry, families, ", ".join(cidrs)) if families else None


def way_through(group: SecurityGroup, port: int, source: Source, account: Inventory, *, protocol: str = "tcp") -> Way:
    """
    Return how far *source*, an entry of *group*, lets the internet in on *port*.

    Raises:
        EvidenceMissing: No interface is reached for certain, and of some that could not be seen.
    """
    interfaces = interfaces_of(group.id, group.region, account)
    if not interfaces:
        return Way(Reach.UNUSED, f"{group.id} is on no network interface")
    ways: list[Way] = []

    def leads(interface: NetworkInterface) -> bool:
        ways.append(way_to_interface(interface, port, source, group, account, protocol=protocol))
        return ways[-1].reach is Reach.PUBLIC

    found = account.first_of(interfaces, leads)

    return ways[-1] if found else ways[0]


def way_to_interface(  # noqa: PLR0913 - a port of a protocol, opened by an entry of a group, on an interface
    interface: NetworkInterface,
    port: int,
    source: Source,
    group: SecurityGroup,
    account: Inventory,
    *,
    protocol: str = "tcp",
) -> Way:
    """
    Return how far *source*, an entry of *group*, lets the internet in on *port* of one interface.

    Raises:
        EvidenceMissing: Nothing that could be seen bars the way, and not everything could.
    """
    ways = [
        partial(_directly, interface, (port, protocol), family, account)
        for family in Family
        if family in source.families
    ]
    best = _best([*ways, partial(_balanced, interface, port, account)])
    opened = Hop(group.id, SecurityGroup.type, f"opens port {port} to {source.words}")
    last = Hop(interface.id, NetworkInterface.type, best.words, holds=best.reach is Reach.PUBLIC)

    return evolve(best, path=(*best.path, opened, last), interface=interface)


def _best(ways: Iterable[Callable[[], Way]]) -> Way:
    """
    Return the way that leads to the port, else the first of *ways*, of which there is at least one.

    Raises:
        EvidenceMissing: None leads there for certain, and of one that cannot be told.
    """
    barred: list[Way] = []
    missing: EvidenceMissing | None = None
    for ask in ways:
        try:
            way = ask()
        except EvidenceMissing as hidden:
            missing = missing or hidden
            continue
        if way.reach is Reach.PUBLIC:
            return way
        barred.append(way)
    if missing:
        raise missing

    return barred[0]


def interfaces_of(group_id: str, region: str, account: Inventory) -> tuple[NetworkInterface, ...]:
    """
    Return the network interfaces that have a security group.

    Raises:
        EvidenceMissing: The interfaces of the region could not all be listed.
    """
    every = account.every(NetworkInterface, region)
    return account.once(("interfaces", region), lambda: _by_group(every)).get(group_id, ())


def _by_group(interfaces: Iterable[NetworkInterface]) -> Mapping[str, tuple[NetworkInterface, ...]]:
    found: dict[str, list[NetworkInterface]] = {}
    for interface in interfaces:
        for group in interface.security_groups:
            found.setdefault(group, []).append(interface)

    return {group: tuple(members) for group, members in found.items()}


def _directly(interface: NetworkInterface, at: tuple[int, str], family: Family, account: Inventory) -> Way:
    addresses = interface.public_ips if family is Family.IPV4 else interface.ipv6
    if not addresses:
        return _barred(f"has no public {family.value} address")
    subnet, vpc, region = interface.subnet_id, interface.vpc_id, interface.region
    if subnet is None or vpc is None:
        return _barred("is in no subnet")
    gateway = internet_gateway(subnet, vpc, region, account, family)
    if gateway is None:
        return _barred(f"{subnet} has no {family.value} route to an internet gateway")
    port, protocol = at
    if not acl_admits(subnet, port, region, account, protocol=protocol):
        return _barred(f"the network ACL of {subnet} refuses port {port}")
    mode = blocked(subnet, vpc, region, account)
    if mode:
        return _barred(f"VPC Block Public Access is on ({mode})")
    start = Hop("internet", "internet")
    routed = Hop(subnet, "AWS::EC2::Subnet", f"the internet gateway {gateway} leads into it")

    return Way(Reach.PUBLIC, f"has the public address {addresses[0]}", (start, routed))


def internet_gateway(subnet: str, vpc: str, region: str, account: Inventory, family: Family) -> str | None:
    """
    Return the internet gateway that the active default route of a subnet leads to; None if it leads elsewhere.

    Raises:
        EvidenceMissing: The route tables could not all be listed.
    """
    table = route_table_of(subnet, vpc, region, account)
    for route in default_routes(table) if table else ():
        destination = route.ipv4 if family is Family.IPV4 else route.ipv6
        if destination and (route.gateway or "").startswith("igw-"):
            return route.gateway

    return None


def blocked(subnet: str, vpc: str, region: str, account: Inventory) -> str:
    """
    Return how VPC Block Public Access keeps the internet out of a subnet; empty where it does not.

    Raises:
        EvidenceMissing: It is on, and what is exempt could not be read; or it could not be read itself.
    """
    mode = next((options.mode or "off" for options in account.every(BlockPublicAccess, region)), "off")
    if mode == "off":
        return ""
    exempt = account.first(BlockPublicAccessExclusion, lambda each: _exempts(each, subnet, vpc), region)

    return "" if exempt else mode


_IN_FORCE: Final = frozenset({"create-complete", "update-complete", "update-in-progress"})


def _exempts(exclusion: BlockPublicAccessExclusion, subnet: str, vpc: str) -> bool:
    return (
        exclusion.mode == "allow-bidirectional"
        and exclusion.state in _IN_FORCE
        and exclusion.resource_arn.rpartition("/")[2] in {subnet, vpc}
    )


def _balanced(interface: NetworkInterface, port: int, account: Inventory) -> Way:
    """Return the way through a load balancer that faces the internet, where one sends traffic to the port."""
    ids = {interface.instance_id, *interface.private_ips}
    groups = [
        group
        for group in account.every(TargetGroup, interface.region)
        if group.balancer_arns and group.kind in {"instance", "ip"}
    ]
    serving = account.those_of(groups, lambda group: any(t.id in ids and t.port == port for t in group.targets))
    arns = {arn for group in serving for arn in group.balancer_arns}
    balancer = account.first(LoadBalancer, lambda b: b.arn in arns and faces_internet(b, account), interface.region)
    if balancer is None:
        return _barred("no load balancer that faces the internet sends traffic to it")
    start = Hop("internet", "internet")
    front = Hop(balancer.arn, LoadBalancer.type, "faces the internet")

    return Way(Reach.PUBLIC, f"is a target of the load balancer {balancer.name}", (start, front))


def faces_internet(balancer: LoadBalancer, account: Inventory) -> bool:
    """
    Tell whether somebody on the internet reaches a listener of *balancer*.

    Raises:
        EvidenceMissing: Nothing that could be seen bars the way, and not everything could.
    """
    if balancer.scheme != "internet-facing" or balancer.state in {"failed", "provisioning"}:
        return False
    if not balancer.security_groups:
        return True
    ports = [listener.port for listener in account.children(balancer, Listener) if listener.port is not None]
    groups = [group for group in account.every(SecurityGroup, balancer.region) if group.id in balancer.security_groups]

    return account.first_of(groups, lambda group: bool(sources(group, ports, account))) is not None


def _barred(words: str) -> Way:
    return Way(Reach.LATENT, words)


def openings(
    group: SecurityGroup, ports: Iterable[int], account: Inventory, protocol: str = "tcp"
) -> Iterator[tuple[int, Source, Way]]:
    """
    Yield each of *ports* that *group* opens to the whole internet, with the entry that does and how far it leads.

    Raises:
        EvidenceMissing: What could be seen is not enough to tell.
    """
    for port, source in sources(group, ports, account, protocol):
        yield port, source, way_through(group, port, source, account, protocol=protocol)
