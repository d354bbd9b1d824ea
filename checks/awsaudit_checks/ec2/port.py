"""Ports that a security group opens to the internet: who gets there, how bad that is, and the command that closes them."""

from __future__ import annotations

import fnmatch
import json

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity
from awsaudit.network import is_public, network
from awsaudit.reachability import BALANCERS, NETWORK, Family, Reach, Source, Way, sources, way_through
from awsaudit.resources.ec2 import NetworkInterface, Permission, SecurityGroup


USES: Final = (*NETWORK, *BALANCERS, NetworkInterface.description)
"""What checks of ports look at."""

_LAST_PORT: Final = 65_535
_FIRST_OF_ALL: Final = 1


@frozen
class Opened:
    """
    A port that a group opens to the internet.

    Args:
        port: The port.

        protocol: ``tcp`` or ``udp``.

        source: The entry that opens it.

        way: How far that leads.
    """

    port: int
    protocol: str
    source: Source
    way: Way


Grade = Callable[[Opened], Severity]


def closing(text: str) -> Remediation:
    """Return the remediation that revokes the entries at fault, with *text* for what to do in their place."""
    return Remediation(
        text=text,
        cli="aws ec2 revoke-security-group-ingress --region {region} --group-id {id} --ip-permissions {permissions}",
        url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )


def refuse_allowed(group: SecurityGroup, allowed: Iterable[str]) -> None:
    """
    Raise NotApplicable where the owner says that *group* is to be open.

    Args:
        group: The group.

        allowed: Ids or names of such groups; ``*`` and ``?`` are wildcards.
    """
    if any(fnmatch.fnmatchcase(name, glob) for glob in allowed for name in (group.id, group.name)):
        raise NotApplicable("the configuration says that it is to be open")


def opened(group: SecurityGroup, ports: Iterable[int], account: Inventory, protocol: str = "tcp") -> tuple[Opened, ...]:
    """
    Return those of *ports* that *group* opens to the internet, each once, by the entry that leads furthest.

    An entry that opens every port is left to ec2-sg-all-ports-open.

    Raises:
        EvidenceMissing: It cannot be told.
    """
    return furthest(
        Opened(port, protocol, source, way_through(group, port, source, account, protocol=protocol))
        for port, source in sources(group, ports, account, protocol)
        if not is_everything(source.entry)
    )


def furthest(found: Iterable[Opened]) -> tuple[Opened, ...]:
    """Return for each port that of *found* which leads furthest."""
    best: dict[int, Opened] = {}
    for each in found:
        if each.port not in best or _FURTHEST.index(each.way.reach) < _FURTHEST.index(best[each.port].way.reach):
            best[each.port] = each

    return tuple(best.values())


_FURTHEST: Final = (Reach.PUBLIC, Reach.LATENT, Reach.UNUSED)


def is_everything(entry: Permission) -> bool:
    """Tell whether *entry* opens every port of a protocol, or of all of them."""
    if entry.protocol == "-1":
        return True
    if entry.from_port is None or entry.to_port is None or entry.protocol not in {"tcp", "udp", "6", "17"}:
        return False

    return entry.from_port <= _FIRST_OF_ALL and entry.to_port == _LAST_PORT


def by_reach(severity: Severity) -> Grade:
    """Return the grade of a port that is *severity* where the internet reaches it."""
    return lambda each: graded(each.way.reach, severity)


def graded(reach: Reach, severity: Severity) -> Severity:
    """Return *severity*, or less where the internet does not get as far as an interface."""
    if reach is Reach.PUBLIC:
        return severity

    return min(severity, Severity.LOW if reach is Reach.LATENT else Severity.INFO)


def lower(severity: Severity) -> Severity:
    """Return the severity one level below *severity*."""
    return Severity(max(severity - 1, Severity.INFO))


def problem(
    group: SecurityGroup, found: Sequence[Opened], grade: Grade, names: Mapping[int, str], *, what: str = ""
) -> Iterator[Problem]:
    """
    Yield the problem that *group* opens the ports of *found*, if it does.

    Args:
        group: The group.

        found: What it opens.

        grade: How bad one of them is.

        names: What listens on them.

        what: What it opens, where that is not those ports.
    """
    if not found:
        return
    worst = max(found, key=grade)
    ports = ", ".join(
        f"{each.port}{_called(names.get(each.port))}" for each in sorted(found, key=lambda each: each.port)
    )
    froms = ", ".join(dict.fromkeys(each.source.words for each in found))
    yield Problem(
        f"it opens {what or ports} to {froms}; {_end(worst)}",
        expected="closed to the internet",
        found=froms,
        severity=grade(worst),
        fill={"permissions": permissions(each.source for each in found)},
        path=worst.way.path or (Hop(group.id, SecurityGroup.type, worst.way.words, holds=False),),
    )


def _called(name: str | None) -> str:
    return f" ({name})" if name else ""


def _end(opened_: Opened) -> str:
    way = opened_.way
    if way.interface is None:
        return "it is on no network interface"
    where = f"{way.interface.id}" + (f" of {way.interface.instance_id}" if way.interface.instance_id else "")
    if way.reach is Reach.PUBLIC:
        return f"{where} {way.words}"

    return f"nobody on the internet gets to {where} now: {_why(way.words)}"


def _why(words: str) -> str:
    return f"it {words}" if words.startswith(("has ", "is ")) else words


def permissions(found: Iterable[Source]) -> str:
    """Return the entries that let the internet in, as RevokeSecurityGroupIngress takes them."""
    entries = {(s.entry.protocol, s.entry.from_port, s.entry.to_port, s.words): s for s in found}
    return json.dumps([_revoked(source) for source in entries.values()])


def _revoked(source: Source) -> dict[str, Any]:
    entry = source.entry
    ipv4 = _wide(entry.ipv4) if Family.IPV4 in source.families else ()
    ipv6 = _wide(entry.ipv6) if Family.IPV6 in source.families else ()
    ranges = {
        "IpRanges": [{"CidrIp": cidr} for cidr in ipv4],
        "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in ipv6],
        "PrefixListIds": [] if ipv4 or ipv6 else [{"PrefixListId": id_} for id_ in entry.prefix_lists],
    }
    ports = {"FromPort": entry.from_port, "ToPort": entry.to_port}

    return {
        "IpProtocol": entry.protocol,
        **{name: port for name, port in ports.items() if port is not None},
        **{name: each for name, each in ranges.items() if each},
    }


def _wide(cidrs: Iterable[str]) -> tuple[str, ...]:
    """Return the block that is everything, else all those that add up to it."""
    public = [cidr for cidr in cidrs if is_public(cidr)]
    whole = [cidr for cidr in public if network(cidr).prefixlen == 0]

    return tuple(whole or public)


def whole(entries: Iterable[Permission]) -> str:
    """Return *entries* as the calls that revoke them take them."""
    return json.dumps([_entry(entry) for entry in entries])


def _entry(entry: Permission) -> dict[str, Any]:
    members = {
        "FromPort": entry.from_port,
        "ToPort": entry.to_port,
        "IpRanges": [{"CidrIp": cidr} for cidr in entry.ipv4] or None,
        "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in entry.ipv6] or None,
        "PrefixListIds": [{"PrefixListId": id_} for id_ in entry.prefix_lists] or None,
        "UserIdGroupPairs": [{"GroupId": id_} for id_ in entry.groups] or None,
    }

    return {"IpProtocol": entry.protocol, **{name: value for name, value in members.items() if value is not None}}
