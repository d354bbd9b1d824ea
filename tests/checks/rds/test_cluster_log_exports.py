import pytest

from awsaudit import Status
from awsaudit.resources.rds import CLUSTERS, RELEASES, DBCluster
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.cluster_log_exports import cluster_log_exports


def cluster(engine="aurora-mysql", exported=(), offered=("audit", "error", "slowquery", "postgresql"), **fields):
    item = {
        "DBClusterIdentifier": "ledger",
        "DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:ledger",
        "Status": "available",
        "Engine": engine,
        "EngineVersion": "1.2",
        "EnabledCloudwatchLogsExports": list(exported),
        **fields,
    }
    return fake(DBCluster, {CLUSTERS: item, RELEASES: [{"EngineVersion": "1.2", "ExportableLogTypes": list(offered)}]})


@pytest.mark.parametrize(
    ("engine", "missing"),
    [
        ("aurora-mysql", "audit"),
        ("aurora-postgresql", "postgresql"),
        ("postgres", "postgresql"),
        ("mysql", "error, slowquery"),
    ],
)
def test_flags_missing_logs(engine, missing):
    """
    The logs of each engine that show who did what are asked for.
    """
    (finding,) = run_check(cluster_log_exports, cluster(engine))

    assert Status.FAIL is finding.status
    assert f"logs not exported: {missing}" == finding.message


def test_the_command_adds_the_missing_logs():
    """
    Logs that are exported already stay.
    """
    (finding,) = run_check(cluster_log_exports, cluster(exported=["error"]))

    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier ledger "
        """--cloudwatch-logs-export-configuration '{"EnableLogTypes": ["audit"]}'""" == finding.fix
    )


@pytest.mark.parametrize(
    "resource",
    [
        cluster(exported=["audit"]),
        cluster("aurora-postgresql", exported=["postgresql"]),
        cluster("mysql", exported=["slowquery", "error"]),
        cluster(PendingModifiedValues={"PendingCloudwatchLogsExports": {"LogTypesToEnable": ["audit"]}}),
    ],
)
def test_accepts_exported_logs(resource):
    """
    Exports that run, or are about to begin, pass.
    """
    assert [Status.PASS] == statuses(run_check(cluster_log_exports, resource))


@pytest.mark.parametrize(
    "resource",
    [
        cluster("neptune"),
        cluster("docdb"),
        cluster("aurora"),
        cluster(EngineMode="serverless"),
        cluster("aurora-postgresql", offered=()),
        cluster(Status="deleting"),
    ],
)
def test_leaves_out_what_has_no_such_setting(resource):
    """
    Other services, Serverless v1, and clusters that offer no export are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_log_exports, resource))
