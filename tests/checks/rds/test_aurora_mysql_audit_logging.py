import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.rds import CLUSTER_PARAMETERS, CLUSTERS, DBCluster
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.rds.aurora_mysql_audit_logging import aurora_mysql_audit_logging


def cluster(parameters=None, group="ledger-audit", **fields):
    item = {
        "DBClusterIdentifier": "ledger",
        "DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:ledger",
        "Status": "available",
        "Engine": "aurora-mysql",
        "DBClusterParameterGroup": group,
        **fields,
    }
    given = parameters
    if isinstance(parameters, dict):
        given = [
            {"ParameterName": n, **({"ParameterValue": v} if v is not None else {})} for n, v in parameters.items()
        ]
    return fake(DBCluster, {CLUSTERS: item, CLUSTER_PARAMETERS: given})


def parameters(logging, events):
    return {"server_audit_logging": logging, "server_audit_events": events}


@pytest.mark.parametrize("logging", [None, "0", "OFF"])
def test_flags_a_cluster_that_does_not_audit(logging):
    """
    Off, by value or by default, is a problem; the command turns it on and keeps the events that are named.
    """
    (finding,) = run_check(aurora_mysql_audit_logging, cluster(parameters(logging, "QUERY")))
    given = json.loads(shlex.split(finding.fix)[-1])

    assert Status.FAIL is finding.status
    assert "server_audit_logging is off in the parameter group ledger-audit" == finding.message
    assert finding.fix.startswith(
        "aws rds modify-db-cluster-parameter-group --region eu-west-1 --db-cluster-parameter-group-name ledger-audit "
    )
    assert [("server_audit_events", "QUERY", "immediate"), ("server_audit_logging", "1", "immediate")] == [
        tuple(one[key] for key in ("ParameterName", "ParameterValue", "ApplyMethod")) for one in given
    ]


def test_flags_audits_of_no_events():
    """
    Turned on without events, nothing is written.
    """
    (finding,) = run_check(aurora_mysql_audit_logging, cluster(parameters("1", None)))

    assert "server_audit_events names no events in the parameter group ledger-audit" == finding.message
    assert "CONNECT,QUERY_DCL,QUERY_DDL" in finding.fix


def test_replaces_a_group_that_cannot_be_changed():
    """
    AWS's own groups cannot be changed: the command makes a group of the same family and gives it to the cluster.
    """
    (finding,) = run_check(aurora_mysql_audit_logging, cluster(parameters(None, None), group="default.aurora-mysql8.0"))

    assert finding.fix.startswith(
        "aws rds create-db-cluster-parameter-group --region eu-west-1 --db-cluster-parameter-group-name ledger-parameters "
        "--db-parameter-group-family aurora-mysql8.0 --description 'Parameters of ledger' && "
        "aws rds modify-db-cluster-parameter-group --region eu-west-1 --db-cluster-parameter-group-name ledger-parameters "
    )
    assert finding.fix.endswith(
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier ledger "
        "--db-cluster-parameter-group-name ledger-parameters"
    )


@pytest.mark.parametrize(
    "resource",
    [
        cluster(parameters("1", "CONNECT")),
        cluster(parameters("ON", "CONNECT,QUERY")),
        cluster(refused(DBCluster, CLUSTER_PARAMETERS), ActivityStreamStatus="started"),
    ],
)
def test_accepts_audits_and_activity_streams(resource):
    """
    Audits of named events pass, and so does an activity stream, whatever the parameters.
    """
    assert [Status.PASS] == statuses(run_check(aurora_mysql_audit_logging, resource))


@pytest.mark.parametrize(
    "resource",
    [
        cluster(Engine="aurora-postgresql"),
        cluster(Status="creating"),
        cluster(group="default.aurora-mysql5.7", EngineMode="serverless"),
    ],
)
def test_leaves_out_what_cannot_audit(resource):
    """
    Other engines, and Serverless v1 with AWS's own parameters, are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(aurora_mysql_audit_logging, resource))


@pytest.mark.parametrize("given", [{}, refused(DBCluster, CLUSTER_PARAMETERS)])
def test_says_unknown_without_the_parameters(given):
    """
    A group that says nothing of auditing, or is refused, settles nothing.
    """
    assert [Status.UNKNOWN] == statuses(run_check(aurora_mysql_audit_logging, cluster(given)))
