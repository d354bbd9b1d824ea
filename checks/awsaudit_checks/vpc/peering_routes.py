from collections.abc import Iterable, Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import ZONE, zone_of
from awsaudit.network import network
from awsaudit.resources.ec2 import Peer, PrefixList, Route, RouteTable, VpcPeering
from awsaudit_checks.iam.certain import certain


_WHOSE: Final = {True: "", False: ", which nothing says you know", None: "; whose that is could not be seen"}


@check(
    "vpc-peering-routes",
    title="Routes to peered VPCs lead no further than they must",
    severity=Severity.LOW,
    equivalents=("prowler:vpc_peering_routing_tables_with_least_privilege",),
    uses=(*ZONE, RouteTable.id, RouteTable.vpc_id, RouteTable.routes, PrefixList.id, PrefixList.entries),
    remediation=Remediation(
        text="Make routes to the subnets of the other side that are needed, then delete the wide one; which ones these are, "
        "flow logs tell.",
        cli=None,
        url="https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-partial-access.html",
    ),
)
def peering_routes(peering: VpcPeering, account: Inventory) -> Iterator[Problem]:
    """
    A route to all of the other side's addresses lets a break-in there answer from everywhere here. Routes to a part of
    them pass. Medium where the other side is an account that nothing says you know. Tables of the other side's account are
    judged there.
    """
    if peering.state != "active":
        raise NotApplicable(f"the connection is {peering.state}")
    # Between regions, the connection is listed in both, and each judges the tables of its own.
    leading = [
        (table, route, other)
        for table in account.every(RouteTable, peering.region)
        if (other := _other_side(peering, table.vpc_id))
        for route in table.routes
        if route.peering == peering.id
    ]
    yield from certain(leading, lambda each: _problem(*each, account))


def _other_side(peering: VpcPeering, vpc_id: str) -> Peer | None:
    if vpc_id == peering.requester.vpc_id:
        return peering.accepter

    return peering.requester if vpc_id == peering.accepter.vpc_id else None


def _destinations(route: Route, region: str, account: Inventory) -> tuple[str, ...]:
    if route.prefix_list is None:
        return tuple(filter(None, (route.ipv4, route.ipv6)))
    found = account.first(PrefixList, lambda each: each.id == route.prefix_list, region)
    if found is None:
        raise Undecided(f"the prefix list {route.prefix_list} cannot be seen from this account")

    return found.entries


def _whole(destinations: Iterable[str], other: Peer) -> str:
    """Return the address range of the *other* side that one of *destinations* holds as a whole; empty without one."""
    return next((cidr for to in destinations for cidr in other.cidrs if _holds(to, cidr)), "")


def _holds(outer: str, inner: str) -> bool:
    large, small = network(outer), network(inner)
    return large.version == small.version and small.subnet_of(large)  # type: ignore[arg-type]


def _problem(table: RouteTable, route: Route, other: Peer, account: Inventory) -> Problem | None:
    whole = _whole(_destinations(route, table.region, account), other)
    if not whole:
        return None
    to = route.prefix_list or route.ipv4 or route.ipv6 or ""
    known = zone_of(account).has(other.owner)
    stranger = f" of account {other.owner}{_WHOSE[known]}" if other.owner != table.account else ""

    wide = "" if to == whole else f"{to}, which holds "

    return Problem(
        f"{table.id} leads to {wide}all of {whole} in {other.vpc_id}{stranger}",
        expected="routes to the subnets that are needed",
        found=to,
        sub_key=f"{table.id}:{to}",
        severity=Severity.MEDIUM if known is False else None,
    )
