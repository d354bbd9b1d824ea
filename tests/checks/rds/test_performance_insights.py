import pytest

from awsaudit import Status
from awsaudit.resources.rds import INSTANCES, ORDERABLE, DBInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.performance_insights import performance_insights


OFFERED = {"SupportsPerformanceInsights": True}


def instance(*offers, **more):
    described = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "Engine": "postgres",
        "EngineVersion": "17.4",
        "DBInstanceClass": "db.m7g.large",
        "DBInstanceStatus": "available",
        **more,
    }
    return fake(DBInstance, {INSTANCES: described, ORDERABLE: list(offers)})


def test_what_is_on_passes():
    """
    Without a key that AWS tells, with a remark.
    """
    on = {"PerformanceInsightsEnabled": True}
    [finding] = run_check(performance_insights, instance(**on))

    assert (Status.PASS, 1) == (finding.status, len(finding.notes))
    [finding] = run_check(performance_insights, instance(**on, PerformanceInsightsKMSKeyId="key"))
    assert (Status.PASS, ()) == (finding.status, finding.notes)


def test_flags_what_is_off():
    """
    The command keeps a week.
    """
    [finding] = run_check(performance_insights, instance(OFFERED, PerformanceInsightsEnabled=False))

    assert Status.FAIL == finding.status
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --enable-performance-insights "
        "--performance-insights-retention-period 7 --apply-immediately" == finding.fix
    )


def test_members_of_multi_az_clusters_are_changed_at_the_cluster():
    """
    Whose setting it is.
    """
    [finding] = run_check(performance_insights, instance(OFFERED, DBClusterIdentifier="payouts"))

    assert "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier payouts" in finding.fix


@pytest.mark.parametrize(
    ("offers", "status"),
    [([{"SupportsPerformanceInsights": False}], Status.NOT_APPLICABLE), ([], Status.UNKNOWN)],
)
def test_asks_for_what_aws_offers(offers, status):
    """
    Small classes have none.
    """
    assert [status] == statuses(run_check(performance_insights, instance(*offers)))


@pytest.mark.parametrize("engine", ["neptune", "docdb", "custom-oracle-ee"])
def test_does_not_apply(engine):
    """
    To databases of other services, and to RDS Custom.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(performance_insights, instance(Engine=engine)))
