"""Whom a security group admits to a port besides the whole internet: wide address ranges, and groups of other hosts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity
from awsaudit.network import network
from awsaudit.reachability import interfaces_of, sources
from awsaudit.resources.ec2 import Permission, SecurityGroup
from awsaudit_checks.ec2.port import is_everything, whole
from awsaudit_checks.ec2.role import NodeRole, roles_behind


# A handful of hosts.
_NARROW: Final = {4: 28, 6: 124}


def wide_problems(
    group: SecurityGroup, port: int, account: Inventory, severity: Severity, *, expected: str
) -> Iterator[Problem]:
    """Yield the problem that *group* admits address ranges wider than a handful of hosts to *port*, if it does."""
    everyone = {source.entry for _, source in sources(group, (port,), account)}
    entries = [(entry, _wide(entry)) for entry in group.ingress if _is_about(entry, port) and entry not in everyone]
    found = [(entry, cidrs) for entry, cidrs in entries if cidrs]
    if found:
        named = ", ".join(dict.fromkeys(cidr for _, cidrs in found for cidr in cidrs))
        yield Problem(
            f"it admits {named} to port {port}",
            expected=expected,
            found=named,
            severity=severity,
            sub_key=f"{port}:ranges",
            fill={"permissions": whole(entry for entry, _ in found)},
        )


def group_problems(
    group: SecurityGroup, port: int, account: Inventory, expected: Collection[NodeRole], *, words: str
) -> Iterator[Problem]:
    """Yield the problem that *group* admits groups of hosts that are known to do something else, if it does."""
    admitted = {id_ for entry in group.ingress if _is_about(entry, port) for id_ in entry.groups} - {group.id}
    for other in account.every(SecurityGroup, group.region) if admitted else ():
        if other.id not in admitted:
            continue
        roles = roles_behind(other, interfaces_of(other.id, other.region, account), account)
        if roles and not roles & set(expected):
            what = " and ".join(sorted(role.value for role in roles))
            yield Problem(
                f"it admits the group {other.id} ({what}) to port {port}",
                expected=words,
                found=what,
                severity=Severity.MEDIUM,
                sub_key=f"{port}:{other.id}",
                fill={
                    "permissions": whole(_only(entry, other.id) for entry in group.ingress if other.id in entry.groups)
                },
            )


def _is_about(entry: Permission, port: int) -> bool:
    return entry.covers(port) and not is_everything(entry)


def _wide(entry: Permission) -> tuple[str, ...]:
    blocks = [(cidr, network(cidr)) for cidr in (*entry.ipv4, *entry.ipv6)]
    return tuple(cidr for cidr, block in blocks if block.prefixlen < _NARROW[block.version])


def _only(entry: Permission, group_id: str) -> Permission:
    return Permission(entry.protocol, entry.from_port, entry.to_port, (), (), (), (group_id,), ())
