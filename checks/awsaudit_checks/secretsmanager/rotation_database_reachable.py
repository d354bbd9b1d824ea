from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from awsaudit import EvidenceMissing, Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.network import admitted, is_public, is_whole_internet
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.rds import DBCluster, DBInstance, DBProxy, DBSubnetGroup, ProxyTarget
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.rds.security_group_open import PROXY_PORTS
from awsaudit_checks.secretsmanager.passage import ON_THE_WAY, Barrier, End, passage
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


_ADMIT: Final = (
    "aws ec2 authorize-security-group-ingress --region {region} --group-id {database_group} --protocol tcp "
    "--port {port} --source-group {function_group}"
)
_LET_OUT: Final = "aws ec2 authorize-security-group-egress --region {region} --group-id {function_group} --ip-permissions {permissions}"
_NO_DATABASE: Final = "none"
# AWS's own rotation functions carry these words in their names.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_available-rotation-templates.html
_TEMPLATES: Final = (
    "SecretsManagerRDS",
    "SecretsManagerMongoDB",
    "SecretsManagerRedshift",
    "SecretsManagerElasticache",
)


@check(
    "secretsmanager-rotation-database-reachable",
    title="The rotation function can reach its database",
    severity=Severity.HIGH,
    uses=(
        *ON_THE_WAY, Function.arn, Function.name, Function.vpc_id, Function.subnet_ids, Function.security_group_ids,
        DBCluster.arn, DBCluster.name, DBCluster.port, DBCluster.public, DBCluster.subnet_group, DBCluster.security_groups,
        DBInstance.arn, DBInstance.name, DBInstance.port, DBInstance.public, DBInstance.vpc_id, DBInstance.zone,
        DBInstance.standby_zone, DBInstance.subnets, DBInstance.security_groups, DBInstance.cluster, DBProxy.arn,
        DBProxy.name, DBProxy.engine_family, DBProxy.secret_arns, DBProxy.security_groups, DBProxy.subnet_ids,
        DBProxy.targets, DBProxy.vpc_id, DBSubnetGroup.name, DBSubnetGroup.vpc_id, DBSubnetGroup.subnets,
    ),
    remediation=Remediation(
        text="Open the database's port to the function's security group; put the function into the database's VPC where no "
        "way leads there.",
        cli=_ADMIT,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-function-network-access.html",
    ),
)  # fmt: skip
def rotation_database_reachable(
    secret: Secret, account: Inventory, *, database_tag: str = "database"
) -> Iterator[Problem]:
    """
    A function that cannot reach the database times out, and the rotation fails every time. Followed are the function's
    security groups, routes, network ACLs, and the groups and the port of the database. A secret's value, which names its
    database, is never read: the database is the one behind a proxy that logs in with the secret, or the one that the tag
    *database_tag* of the secret names by its identifier or ARN; ``none`` says that it is for no database. Where neither
    tells, it is unknown for a function in a VPC or of AWS's for databases.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    if not secret.rotates or not secret.rotation_function:
        raise NotApplicable("no function of yours rotates it")
    parts = secret.rotation_function.split(":")
    function = account.by_arn(Function, ":".join(parts[:7]))
    if function is None:
        raise NotApplicable("its rotation function does not exist")
    path = (Hop(secret.arn, Secret.type), Hop(function.arn, Function.type, "rotates it"))
    links = _links(secret, database_tag, account)
    if not links:
        _refuse_nameless(secret, function, database_tag, path)
    if parts[7:]:
        raise Undecided(
            f"it is rotated by {':'.join(parts[7:])} of {function.name}, whose own network is not read", path
        )
    unknown: EvidenceMissing | Undecided | None = None
    found: list[Problem] = []
    for link in links:
        try:
            found += _broken(function, link, path, account)
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
    if unknown and not found:
        raise unknown
    yield from found


@frozen
class _Link:
    """
    A database that a secret is for.

    Args:
        database: The database.

        by: What shows that.

        proxies: Proxies before it that log in with the secret, any of which the function may go through.
    """

    database: DBInstance | DBCluster
    by: str
    proxies: tuple[DBProxy, ...] = ()


def _links(secret: Secret, tag: str, account: Inventory) -> tuple[_Link, ...]:
    databases: list[DBInstance | DBCluster] = [
        *account.every(DBInstance, secret.region),
        *account.every(DBCluster, secret.region),
    ]
    named = secret.tags.get(tag) if tag else None
    found = {d.arn: _Link(d, f"the secret's tag {tag} names it") for d in databases if named in {d.name, d.arn}}
    for proxy in account.every(DBProxy, secret.region):
        if secret.arn in proxy.secret_arns:
            behind = {(target.cluster or target.id, _is_cluster(target)) for target in proxy.targets}
            for database in databases:
                if (database.name, isinstance(database, DBCluster)) in behind:
                    link = found.get(database.arn) or _Link(database, f"the proxy {proxy.name} logs in to it")
                    found[database.arn] = evolve(link, proxies=(*link.proxies, proxy))

    return tuple(found.values())


def _is_cluster(target: ProxyTarget) -> bool:
    return target.cluster is not None or target.kind == "TRACKED_CLUSTER"


def _refuse_nameless(secret: Secret, function: Function, tag: str, path: tuple[Hop, ...]) -> None:
    """Raise what is to be said where no database of the account is known to be the secret's."""
    named = secret.tags.get(tag)
    if named == _NO_DATABASE:
        raise NotApplicable(f"its tag {tag} says that it is for no database")
    if named:
        raise Undecided(f"its tag {tag} names {named}, which is no database of the account in the region", path)
    if function.vpc_id or any(word in function.name for word in _TEMPLATES):
        raise Undecided(
            "which database it is for stands in its value, which is never read; name the database in its tag "
            f"{tag or 'database'}, and set database_tag where that is another",
            path,
        )
    raise NotApplicable("nothing shows that it is for a database")


def _broken(function: Function, link: _Link, path: tuple[Hop, ...], account: Inventory) -> Iterator[Problem]:
    database = link.database
    end, port = _end_of(database, account), database.port
    if port is None:
        raise Undecided(f"{database.name} has no endpoint yet", path)
    named = f"port {port}; {link.by}"
    last = Hop(database.arn, type(database).type, named)
    public = _is_public(database, account)
    if not function.vpc_id:
        yield from _from_outside(function, end, port, (*path, evolve(last, holds=False)), account, public=public)
        return
    start = _start(function)
    way = passage(start, end, port, account)
    if way.barrier is None:
        return
    if public and start.vpc_id != end.vpc_id:
        raise Undecided(f"{database.name} has a public address as well, over which the function may reach it", path)
    for proxy in link.proxies:
        if passage(start, _end_of_proxy(proxy), PROXY_PORTS.get(proxy.engine_family, port), account).barrier is None:
            raise Undecided(
                f"it reaches the proxy {proxy.name}, and whether the secret names that cannot be seen", path
            )
    steps = (*path, *way.steps, way.barrier.hop, evolve(last, by=f"is not reached on {named}", holds=False))
    yield _problem(function, end, port, way.barrier, steps)


def _start(function: Function) -> End:
    return End(
        function.name, function.arn, Function.type, function.region, function.vpc_id or "", function.subnet_ids,
        function.security_group_ids,
    )  # fmt: skip


def _end_of(database: DBInstance | DBCluster, account: Inventory) -> End:
    """
    Return where *database* is. An instance is in one of its group's subnets in its zone, or in its standby's.

    Raises:
        EvidenceMissing: The subnet groups could not be listed.
        Undecided: AWS does not say in which VPC it is.
    """
    if isinstance(database, DBInstance):
        zones = {database.zone, database.standby_zone}
        near = tuple(subnet.id for subnet in database.subnets if subnet.zone in zones)
        vpc, subnets = database.vpc_id, near or tuple(subnet.id for subnet in database.subnets)
    else:
        group = account.first(DBSubnetGroup, lambda each: each.name == database.subnet_group, database.region)
        vpc, subnets = (group.vpc_id, tuple(subnet.id for subnet in group.subnets)) if group else (None, ())
    if vpc is None:
        raise Undecided(f"AWS does not say in which VPC {database.name} is")
    groups = tuple(group.id for group in database.security_groups if group.status in {None, "active"})

    return End(database.name, database.arn, type(database).type, database.region, vpc, subnets, groups)


def _is_public(database: DBInstance | DBCluster, account: Inventory) -> bool:
    """Tell whether *database*, or a member of it, has a public address."""
    members = account.every(DBInstance, database.region) if isinstance(database, DBCluster) else ()
    return database.public or any(member.public for member in members if member.cluster == database.name)


def _end_of_proxy(proxy: DBProxy) -> End:
    if proxy.vpc_id is None:
        raise Undecided(f"AWS does not say in which VPC the proxy {proxy.name} is")

    return End(proxy.name, proxy.arn, DBProxy.type, proxy.region, proxy.vpc_id, proxy.subnet_ids, proxy.security_groups)


def _from_outside(  # noqa: PLR0913 - what a function outside every VPC wants to reach
    function: Function, end: End, port: int, path: tuple[Hop, ...], account: Inventory, *, public: bool
) -> Iterator[Problem]:
    """Yield a problem where a function that is in no VPC reaches the database by no public address."""
    blocks = list(_public_blocks(end, port, account)) if public else []
    if is_whole_internet(blocks):
        return
    if blocks:
        raise Undecided(f"which addresses {function.name} comes from, outside every VPC, is not told", path)
    why = "its security groups admit no public address" if public else "it has no public address"
    yield Problem(
        f"{function.name} is in no VPC and cannot reach {end.name}: {why}",
        expected="a function in the database's VPC",
        found="in no VPC",
        sub_key=end.arn,
        path=(*path[:-1], evolve(path[-1], by=f"{path[-1].by}; {why}")),
    )


def _public_blocks(end: End, port: int, account: Inventory) -> Iterator[str]:
    groups: Iterable[SecurityGroup] = account.every(SecurityGroup, end.region)
    for group in (group for group in groups if group.id in end.groups):
        for entry in (entry for entry in group.ingress if entry.covers(port)):
            yield from (cidr for cidr in admitted(entry, end.region, account) if is_public(cidr))


def _problem(function: Function, end: End, port: int, barrier: Barrier, path: tuple[Hop, ...]) -> Problem:
    fill = {"port": str(port)}
    if (barrier.ingress or barrier.egress) and function.security_group_ids and end.groups:
        fill |= {"database_group": end.groups[0], "function_group": function.security_group_ids[0]}
        pair = f'"UserIdGroupPairs":[{{"GroupId":"{end.groups[0]}"}}]'
        fill["permissions"] = f'[{{"IpProtocol":"tcp","FromPort":{port},"ToPort":{port},{pair}}}]'

    return Problem(
        f"{function.name} cannot reach {end.name} on port {port}: {barrier.message}",
        expected=f"a way to port {port}",
        found=barrier.message,
        sub_key=end.arn,
        path=path,
        fill=fill,
        cli=_LET_OUT if barrier.egress else None,
    )
