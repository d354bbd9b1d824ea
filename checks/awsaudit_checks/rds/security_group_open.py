import json

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.network import is_public, network
from awsaudit.resources.ec2 import Permission, PrefixList, SecurityGroup
from awsaudit.resources.rds import DBCluster, DBInstance, DBProxy
from awsaudit_checks.rds.scope import refuse_member, refuse_outside_scope


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
PROXY_PORTS = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}
NARROW = {4: 24, 6: 64}


@frozen
class Opening:
    """What an entry of a security group admits and should not."""

    entry: Permission
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The CIDR blocks and prefix lists."""
        return (*self.ipv4, *self.ipv6, *self.lists)

    @property
    def is_narrow(self) -> bool:
        """Whether it is a few addresses, such as those of an office."""
        blocks = [network(cidr) for cidr in (*self.ipv4, *self.ipv6)]
        return not self.lists and all(block.prefixlen >= NARROW[block.version] for block in blocks)

    def to_json(self) -> dict[str, Any]:
        """Return it as RevokeSecurityGroupIngress takes it."""
        ports = {"FromPort": self.entry.from_port, "ToPort": self.entry.to_port}
        ranges = {
            "IpRanges": [{"CidrIp": cidr} for cidr in self.ipv4],
            "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in self.ipv6],
            "PrefixListIds": [{"PrefixListId": id_} for id_ in self.lists],
        }

        return {
            "IpProtocol": self.entry.protocol,
            **{name: port for name, port in ports.items() if port is not None},
            **{name: found for name, found in ranges.items() if found},
        }


@check(
    "rds-security-group-open",
    title="Database security groups admit only application sources",
    severity=Severity.HIGH,
    uses=(SecurityGroup, PrefixList, DBInstance.cluster, DBInstance.public),
    remediation=Remediation(
        text="Revoke the rules and admit the security groups of the applications instead. A rule that covers more ports is "
        "revoked as a whole; look who else the group serves first.",
        cli="aws ec2 revoke-security-group-ingress --region {region} --group-id {group_id} --ip-permissions {permissions}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html",
    ),
)
def security_group_open(
    database: DBInstance | DBCluster | DBProxy, account: Inventory, *, min_private_prefix: int = 0
) -> Iterator[Problem]:
    """
    A rule for addresses of the internet lets everyone there try passwords and exploits against the database. It is high
    where the database has a public address, medium where only that keeps it private, and low for a few addresses, such as
    an office's. Source groups and private networks pass; with ``min_private_prefix`` set, private networks wider than that
    many bits do not. Members are judged at the cluster.
    """
    ports, ids = _target(database)
    groups = [group for group in account.every(SecurityGroup, database.region) if group.id in ids]
    wide = account.those_of(groups, lambda group: bool(_openings(group, ports, min_private_prefix, account)))
    for group in wide:
        openings = _openings(group, ports, min_private_prefix, account)
        sources = ", ".join(dict.fromkeys(source for opening in openings for source in opening.sources))
        covered = " and ".join(str(port) for port in ports if any(o.entry.covers(port) for o in openings))
        yield Problem(
            f"the security group {group.id} admits {sources} on port {covered}",
            expected="security groups of applications",
            found=sources,
            sub_key=group.id,
            severity=_severity(database, openings, account),
            fill={"group_id": group.id, "permissions": json.dumps([opening.to_json() for opening in openings])},
        )


def _target(database: DBInstance | DBCluster | DBProxy) -> tuple[tuple[int, ...], frozenset[str]]:
    """Return the ports that the database listens on, and its security groups."""
    if isinstance(database, DBProxy):
        if database.status in {"creating", "deleting"}:
            raise NotApplicable(f"it is {database.status}")
        if database.engine_family not in PROXY_PORTS:
            raise NotApplicable(f"a proxy of the unknown family {database.engine_family}")
        return (PROXY_PORTS[database.engine_family],), frozenset(database.security_groups)
    refuse_outside_scope(database)
    refuse_member(database)
    if database.vpc_networking is False:
        raise NotApplicable("it is outside every VPC and has no security groups")
    listener = None if isinstance(database, DBCluster) else database.listener_port
    ports = tuple(dict.fromkeys(port for port in (database.port, listener) if port))
    if not ports:
        raise NotApplicable("it has no endpoint")

    return ports, frozenset(g.id for g in database.security_groups if g.status in {None, "active"})


def _openings(group: SecurityGroup, ports: Iterable[int], prefix: int, account: Inventory) -> tuple[Opening, ...]:
    """
    Return what *group* admits too widely.

    Prefix lists are read only where no CIDR block is too wide, so that a list that was refused hides nothing that is plain.
    """
    entries = [entry for entry in group.ingress if any(entry.covers(port) for port in ports)]
    plain = [
        Opening(
            entry,
            tuple(cidr for cidr in entry.ipv4 if _is_wide(cidr, prefix)),
            tuple(cidr for cidr in entry.ipv6 if _is_wide(cidr, prefix)),
            (),
        )
        for entry in entries
    ]
    found = tuple(opening for opening in plain if opening.sources)
    if found:
        return found
    wanted = {id_ for entry in entries for id_ in entry.prefix_lists}
    if not wanted:
        return ()
    named = [candidate for candidate in account.every(PrefixList, group.region) if candidate.id in wanted]
    wide = {p.id for p in account.those_of(named, lambda p: any(_is_wide(cidr, prefix) for cidr in p.entries))}

    listed = [Opening(entry, (), (), tuple(id_ for id_ in entry.prefix_lists if id_ in wide)) for entry in entries]
    return tuple(opening for opening in listed if opening.lists)


def _is_wide(cidr: str, prefix: int) -> bool:
    block = network(cidr)
    return is_public(cidr) or (block.version == 4 and block.prefixlen < prefix)  # noqa: PLR2004 - IPv4


def _severity(
    database: DBInstance | DBCluster | DBProxy, openings: Iterable[Opening], account: Inventory
) -> Severity | None:
    if all(opening.is_narrow for opening in openings):
        return Severity.LOW

    return None if _is_public(database, account) else Severity.MEDIUM


def _is_public(database: DBInstance | DBCluster | DBProxy, account: Inventory) -> bool:
    if isinstance(database, DBProxy):
        return False
    if isinstance(database, DBInstance) or database.public:
        return database.public
    member = account.first(DBInstance, lambda i: i.cluster == database.name and i.public, database.region)

    return member is not None
