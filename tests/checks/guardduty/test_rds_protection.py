import pytest

from awsaudit import Status
from awsaudit.resources.rds import CLUSTERS, INSTANCES, DBCluster, DBInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.guardduty.rds_protection import rds_protection


ARN = "arn:aws:rds:eu-west-1:111122223333"


def cluster(engine):
    return fake(DBCluster, {CLUSTERS: {"DBClusterArn": f"{ARN}:cluster:beacon", "Engine": engine}})


def instance(engine):
    return fake(DBInstance, {INSTANCES: {"DBInstanceArn": f"{ARN}:db:deposits", "Engine": engine}})


SEEN = [cluster("aurora-mysql"), cluster("aurora-postgresql"), instance("postgres")]


@pytest.mark.parametrize("database", SEEN)
def test_flags_databases_that_are_not_watched(detector, database):
    """
    Those that GuardDuty can look at.
    """
    (finding,) = run_check(rds_protection, detector("EKS_AUDIT_LOGS"), database)

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--features Name=RDS_LOGIN_EVENTS,Status=ENABLED")


@pytest.mark.parametrize("database", SEEN)
def test_passes_where_they_are(detector, database):
    """
    The feature is on.
    """
    assert [Status.PASS] == statuses(run_check(rds_protection, detector("RDS_LOGIN_EVENTS"), database))


@pytest.mark.parametrize("others", [(), (instance("mysql"),), (cluster("neptune"),)])
def test_other_engines_are_not_judged(detector, others):
    """
    GuardDuty does not look at them.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rds_protection, detector(), *others))


def test_is_unknown_where_databases_cannot_be_seen(detector):
    """
    One of them may be of such an engine.
    """
    assert [Status.UNKNOWN] == statuses(run_check(rds_protection, detector(), unlisted=[DBCluster]))
