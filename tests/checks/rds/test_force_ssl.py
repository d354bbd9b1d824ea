import pytest

from awsaudit import Status
from awsaudit.resources.rds import CLUSTER_PARAMETERS, CLUSTERS, INSTANCES, PARAMETERS, DBCluster, DBInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.force_ssl import force_ssl


def answer(name, value):
    return [{"ParameterName": name, **({"ParameterValue": value} if value is not None else {})}] if name else []


def instance(engine, version, name, value, *, group="deposits", applied="in-sync", **fields):
    item = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "DBInstanceStatus": "available",
        "Engine": engine,
        "EngineVersion": version,
        "DBParameterGroups": [{"DBParameterGroupName": group, "ParameterApplyStatus": applied}],
        **fields,
    }
    return fake(DBInstance, {INSTANCES: item, PARAMETERS: answer(name, value)})


def cluster(engine, version, name, value, *, group="ledger", applied="in-sync"):
    item = {
        "DBClusterIdentifier": "ledger",
        "Status": "available",
        "Engine": engine,
        "EngineVersion": version,
        "DBClusterParameterGroup": group,
        "DBClusterMembers": [{"DBInstanceIdentifier": "ledger-1", "DBClusterParameterGroupStatus": applied}],
    }
    return fake(DBCluster, {CLUSTERS: item, CLUSTER_PARAMETERS: answer(name, value)})


FORCE, SECURE = "rds.force_ssl", "require_secure_transport"


def test_flags_a_group_that_accepts_connections_without_tls():
    """
    Off is a problem, and the command turns it on in the group.
    """
    (finding,) = run_check(force_ssl, instance("postgres", "16.4", FORCE, "0"))

    assert Status.FAIL is finding.status
    assert (
        "connections without TLS are accepted: rds.force_ssl is off in the parameter group deposits" == finding.message
    )
    assert (
        "aws rds modify-db-parameter-group --region eu-west-1 --db-parameter-group-name deposits --parameters "
        """'[{"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}]'""" == finding.fix
    )


def test_sql_server_needs_a_restart():
    """
    SQL Server reads the parameter at its start only.
    """
    (finding,) = run_check(force_ssl, instance("sqlserver-se", "15.00.4430.1.v1", FORCE, "0"))

    assert '"ApplyMethod": "pending-reboot"' in finding.fix


@pytest.mark.parametrize(
    ("resource", "group", "family"),
    [
        (instance("mysql", "8.0.42", SECURE, None, group="default.mysql8.0"), "db-parameter-group", "mysql8.0"),
        (
            cluster("aurora-mysql", "8.0.mysql_aurora.3.08.2", SECURE, "OFF", group="default.aurora-mysql8.0"),
            "db-cluster-parameter-group",
            "aurora-mysql8.0",
        ),
    ],
)
def test_replaces_a_group_that_cannot_be_changed(resource, group, family):
    """
    AWS's own groups cannot be changed: a group of the same family takes their place.
    """
    (finding,) = run_check(force_ssl, resource)

    assert finding.fix.startswith(
        f"aws rds create-{group} --region eu-west-1 --{group}-name {resource.name}-parameters "
    )
    assert f"--db-parameter-group-family {family} " in finding.fix
    assert finding.fix.endswith(f"--{group}-name {resource.name}-parameters")


@pytest.mark.parametrize(
    ("make", "engine", "version", "name", "verdict"),
    [
        (instance, "postgres", "14.19", FORCE, Status.FAIL),
        (instance, "postgres", "15.2", FORCE, Status.PASS),
        (cluster, "aurora-postgresql", "16.8", FORCE, Status.FAIL),
        (cluster, "aurora-postgresql", "17.4", FORCE, Status.PASS),
        (instance, "sqlserver-ee", "16.00.4215.2.v1", FORCE, Status.FAIL),
        (instance, "mysql", "8.0.42", SECURE, Status.FAIL),
        (instance, "mysql", "8.4.5", SECURE, Status.FAIL),
        (instance, "mysql", "9.7.0", SECURE, Status.PASS),
        (instance, "mariadb", "11.4.8", SECURE, Status.FAIL),
        (instance, "mariadb", "11.8.3", SECURE, Status.PASS),
        (cluster, "aurora-mysql", "8.0.mysql_aurora.3.10.1", SECURE, Status.FAIL),
        (cluster, "aurora-mysql", "8.4.mysql_aurora.4.01.0", SECURE, Status.UNKNOWN),
        (cluster, "mysql", "8.0.42", SECURE, Status.FAIL),
        (cluster, "postgres", "17.6", FORCE, Status.PASS),
    ],
)
def test_knows_the_engines_defaults(make, engine, version, name, verdict):
    """
    Where the group names no value the engine's default holds, which newer versions turned on.
    """
    assert [verdict] == statuses(run_check(force_ssl, make(engine, version, name, None)))


@pytest.mark.parametrize(
    "resource",
    [
        instance("postgres", "13.20", FORCE, "1"),
        instance("mysql", "8.4.5", SECURE, "ON"),
        cluster("aurora-mysql", "8.0.mysql_aurora.3.08.2", SECURE, "1"),
    ],
)
def test_accepts_groups_that_require_tls(resource):
    """
    Each spelling of on passes.
    """
    assert [Status.PASS] == statuses(run_check(force_ssl, resource))


@pytest.mark.parametrize(
    ("resource", "group"),
    [
        (instance("sqlserver-se", "15.00.4430.1.v1", FORCE, "1", applied="pending-reboot"), "deposits"),
        (cluster("aurora-postgresql", "16.8", FORCE, "1", applied="pending-reboot"), "ledger"),
    ],
)
def test_notes_parameters_that_wait_for_a_restart(resource, group):
    """
    What the group says may not hold yet.
    """
    (finding,) = run_check(force_ssl, resource)

    assert Status.PASS is finding.status
    assert (f"parameters of {group} are applied at the next restart",) == finding.notes


@pytest.mark.parametrize(
    "resource",
    [
        instance("oracle-ee", "19.0.0.0.ru-2025-07.rur-2025-07.r1", None, None),
        instance("db2-se", "11.5.9.0.sb00063198.r1", None, None),
        instance("custom-sqlserver-se", "15.00.4430.1.v1", None, None),
        instance("mariadb", "10.4.34", None, None),
        instance("aurora-mysql", "8.0.mysql_aurora.3.08.2", None, None, DBClusterIdentifier="ledger"),
        instance("docdb", "5.0.0", None, None),
    ],
)
def test_leaves_out_engines_without_the_parameter(resource):
    """
    Members are judged at their cluster; other engines and old versions have no such parameter.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(force_ssl, resource))


def test_says_unknown_of_several_groups():
    """
    Which of two groups holds is not guessed.
    """
    groups = [{"DBParameterGroupName": one, "ParameterApplyStatus": "applying"} for one in ("old", "new")]
    resource = instance("postgres", "13.20", FORCE, "0", DBParameterGroups=groups)

    assert [Status.UNKNOWN] == statuses(run_check(force_ssl, resource))
