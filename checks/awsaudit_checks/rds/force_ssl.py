from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster, DBInstance, Parameter
from awsaudit_checks.rds.parameter import CHANGE, change_of
from awsaudit_checks.rds.scope import refuse_custom, refuse_member, refuse_outside_scope
from awsaudit_checks.rds.version import ordinal


_PARAMETER: Final = {
    "postgres": "rds.force_ssl",
    "aurora-postgresql": "rds.force_ssl",
    "mysql": "require_secure_transport",
    "mariadb": "require_secure_transport",
    "aurora-mysql": "require_secure_transport",
}
# Before these versions the default is off.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
_ON_SINCE: Final = {"postgres": (15,), "aurora-postgresql": (17,), "mysql": (9, 7), "mariadb": (11, 8)}
_UNKNOWN_SINCE: Final = {"aurora-mysql": (8, 4)}


@check(
    "rds-force-ssl",
    title="Connections must use TLS",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_transport_encrypted",),
    remediation=Remediation(
        text="Require TLS in the parameter group once every client connects with it. A group that takes the place of another "
        "one, and SQL Server, need a restart.",
        cli=CHANGE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    ),
)
def force_ssl(database: DBInstance | DBCluster) -> Iterator[Problem | Note]:
    """
    A server that merely offers TLS lets a client send its password and every row in clear, and an attacker in between can
    make it do so. Refusing connections without TLS passes, whether the parameter group or the engine's default says so.
    Oracle and Db2 have no such parameter; clusters are judged as one.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    refuse_custom(database)
    sqlserver = database.engine.startswith("sqlserver-")
    name = "rds.force_ssl" if sqlserver else _PARAMETER.get(database.engine)
    if name is None:
        raise NotApplicable(f"{database.engine} has no parameter for it")
    group, pending = _group(database)
    parameter = next((one for one in database.parameters if one.name == name), None)
    if parameter is None:
        raise NotApplicable(f"the parameter group {group} has no {name}")
    if not _is_on(database, parameter):
        change = change_of(database, group, {name: "1"}, "pending-reboot" if sqlserver else "immediate")
        yield Problem(
            f"connections without TLS are accepted: {name} is off in the parameter group {group}",
            expected=f"{name}=1",
            found=f"{name}={parameter.value or 'default (off)'}",
            fill=change.fill,
            cli=change.cli,
        )
    if pending:
        yield Note(f"parameters of {group} are applied at the next restart")


def _group(database: DBInstance | DBCluster) -> tuple[str, bool]:
    """Return the name of the parameter group, and whether parts of it wait for a restart."""
    if isinstance(database, DBCluster):
        waiting = any(member.parameter_status == "pending-reboot" for member in database.members)
        return database.parameter_group or "", waiting
    groups = database.parameter_groups
    if len(groups) != 1:
        raise Undecided(f"it has {len(groups)} parameter groups")

    return groups[0].name, groups[0].status == "pending-reboot"


def _is_on(database: DBInstance | DBCluster, parameter: Parameter) -> bool:
    if parameter.value is not None:
        return parameter.value.upper() in {"1", "ON"}
    version, engine = ordinal(database.engine_version), database.engine
    if engine in _UNKNOWN_SINCE and version >= _UNKNOWN_SINCE[engine]:
        raise Undecided(f"the default of {parameter.name} in {engine} {database.engine_version} is not known")

    return engine in _ON_SINCE and version >= _ON_SINCE[engine]
