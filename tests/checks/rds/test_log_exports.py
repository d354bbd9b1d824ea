import pytest

from awsaudit import Status
from awsaudit.resources.rds import INSTANCES, RELEASES, DBInstance
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.rds.log_exports import log_exports


MYSQL_LOGS = ["audit", "error", "general", "slowquery"]


def instance(engine="mysql", exported=(), offered=MYSQL_LOGS, **fields):
    item = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "DBInstanceStatus": "available",
        "Engine": engine,
        "EngineVersion": "1.2",
        "EnabledCloudwatchLogsExports": list(exported),
        **fields,
    }
    release = {"EngineVersion": "1.2", "ExportableLogTypes": offered, "SupportsLogExportsToCloudwatchLogs": True}
    return fake(DBInstance, {INSTANCES: item, RELEASES: [release]})


def test_flags_missing_logs():
    """
    Each log that is asked for and not exported is named, and the command adds those.
    """
    (finding,) = run_check(log_exports, instance(exported=["general"]))

    assert Status.FAIL is finding.status
    assert "logs not exported: error, slowquery" == finding.message
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits "
        """--cloudwatch-logs-export-configuration '{"EnableLogTypes": ["error", "slowquery"]}'""" == finding.fix
    )
    assert r'jsondecode("[\"error\", \"general\", \"slowquery\"]")' in finding.terraform


@pytest.mark.parametrize(
    ("engine", "wanted"),
    [
        ("postgres", ["postgresql"]),
        ("mariadb", ["error", "slowquery"]),
        ("sqlserver-se", ["error", "agent"]),
        ("oracle-ee-cdb", ["alert", "audit"]),
        ("db2-ae", ["diag.log"]),
    ],
)
def test_asks_what_matters_of_each_engine(engine, wanted):
    """
    Engines differ in the logs that they have; all of theirs exported pass.
    """
    (finding,) = run_check(log_exports, instance(engine, offered=[*wanted, "trace"]))

    assert f"logs not exported: {', '.join(wanted)}" == finding.message
    assert [Status.PASS] == statuses(run_check(log_exports, instance(engine, exported=wanted, offered=wanted)))


@pytest.mark.parametrize(
    "resource",
    [
        instance(exported=["error", "audit"]),
        instance(
            exported=["error"],
            PendingModifiedValues={"PendingCloudwatchLogsExports": {"LogTypesToEnable": ["slowquery"]}},
        ),
        instance("sqlserver-ex", exported=["error"], offered=["error"]),
    ],
)
def test_accepts_audits_pending_exports_and_what_the_version_has(resource):
    """
    The audit log does in place of the slow query log; an export about to begin counts; only logs on offer are asked for.
    """
    assert [Status.PASS] == statuses(run_check(log_exports, resource))


@pytest.mark.parametrize(
    "resource",
    [
        instance("aurora-mysql", DBClusterIdentifier="ledger"),
        instance("neptune"),
        instance("custom-oracle-ee"),
        instance("sqlite"),
        instance(DBInstanceStatus="creating"),
        instance(offered=[]),
    ],
)
def test_leaves_out_what_has_no_such_setting(resource):
    """
    Members, other services, RDS Custom, other engines, and versions that export nothing are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(log_exports, resource))


def test_leaves_out_versions_that_export_nothing():
    """
    A version may list logs and yet export none.
    """
    item = {"DBInstanceStatus": "available", "Engine": "mysql", "EngineVersion": "1.2"}
    release = {"EngineVersion": "1.2", "ExportableLogTypes": ["error"], "SupportsLogExportsToCloudwatchLogs": False}
    found = run_check(log_exports, fake(DBInstance, {INSTANCES: item, RELEASES: [release]}))

    assert [Status.NOT_APPLICABLE] == statuses(found)


@pytest.mark.parametrize("releases", [[], [{"EngineVersion": "1.20"}], refused(DBInstance, RELEASES)])
@pytest.mark.parametrize(("exported", "verdict"), [([], Status.UNKNOWN), (["error", "slowquery"], Status.PASS)])
def test_says_unknown_only_where_the_version_matters(releases, exported, verdict):
    """
    What the engine version can export is asked for where a log is missing.
    """
    item = {"DBInstanceStatus": "available", "Engine": "mysql", "EngineVersion": "1.2"}
    resource = fake(DBInstance, {INSTANCES: {**item, "EnabledCloudwatchLogsExports": exported}, RELEASES: releases})

    assert [verdict] == statuses(run_check(log_exports, resource))
