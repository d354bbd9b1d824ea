import pytest

from awsaudit import Status
from awsaudit.resources.rds import INSTANCES, ORDERABLE, DBInstance
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.rds.enhanced_monitoring import enhanced_monitoring


ROLE = "arn:aws:iam::111122223333:role/monitoring"


def instance(*offers, name="deposits", **more):
    described = {
        "DBInstanceIdentifier": name,
        "DBInstanceArn": f"arn:aws:rds:eu-west-1:111122223333:db:{name}",
        "Engine": "postgres",
        "EngineVersion": "17.4",
        "DBInstanceClass": "db.m7g.large",
        "DBInstanceStatus": "available",
        **more,
    }
    return fake(DBInstance, {INSTANCES: described, ORDERABLE: list(offers)})


OFFERED = {"SupportsEnhancedMonitoring": True}


@pytest.mark.parametrize(("interval", "status"), [(60, Status.PASS), (1, Status.PASS), (0, Status.FAIL)])
def test_any_interval_passes(interval, status):
    """
    Zero is off.
    """
    assert [status] == statuses(run_check(enhanced_monitoring, instance(OFFERED, MonitoringInterval=interval)))


def test_uses_the_role_of_another_database():
    """
    What monitors one database may monitor the next.
    """
    other = instance(name="ledger", MonitoringInterval=60, MonitoringRoleArn=ROLE)
    [finding] = run_check(enhanced_monitoring, instance(OFFERED), other)

    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --monitoring-interval 60 "
        f"--monitoring-role-arn {ROLE} --apply-immediately" == finding.fix
    )


def test_makes_a_role_where_none_is_seen():
    """
    With the policy that AWS has for it.
    """
    [finding] = run_check(enhanced_monitoring, instance(OFFERED))

    assert finding.fix.startswith(
        "aws iam create-role --role-name rds-monitoring-role --assume-role-policy-document '{"
    )
    assert "--policy-arn arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" in finding.fix
    assert "--monitoring-role-arn arn:aws:iam::111122223333:role/rds-monitoring-role" in finding.fix


@pytest.mark.parametrize(
    ("engine", "command"),
    [("postgres", "modify-db-cluster --region eu-west-1 --db-cluster-identifier payouts"),
     ("aurora-postgresql", "modify-db-instance --region eu-west-1 --db-instance-identifier deposits")],
)  # fmt: skip
def test_members_of_multi_az_clusters_are_changed_at_the_cluster(engine, command):
    """
    Those of Aurora one by one.
    """
    [finding] = run_check(enhanced_monitoring, instance(OFFERED, Engine=engine, DBClusterIdentifier="payouts"))

    assert command in finding.fix


@pytest.mark.parametrize(
    ("offers", "status"),
    [
        ([{"SupportsEnhancedMonitoring": False}], Status.NOT_APPLICABLE),
        ([{"SupportsEnhancedMonitoring": False}, OFFERED], Status.FAIL),
        ([], Status.UNKNOWN),
        ([{}], Status.UNKNOWN),
    ],
)
def test_asks_for_what_aws_offers(offers, status):
    """
    Where AWS does not say, it is unknown.
    """
    assert [status] == statuses(run_check(enhanced_monitoring, instance(*offers)))


def test_refused_offers_are_unknown():
    """
    Unless it is on anyhow.
    """
    described = {"DBInstanceArn": "arn", "Engine": "mysql", "DBInstanceStatus": "available"}
    blind = fake(DBInstance, {INSTANCES: described, ORDERABLE: refused(DBInstance, ORDERABLE)})
    on = fake(
        DBInstance, {INSTANCES: {**described, "MonitoringInterval": 5}, ORDERABLE: refused(DBInstance, ORDERABLE)}
    )

    assert [Status.UNKNOWN] == statuses(run_check(enhanced_monitoring, blind))
    assert [Status.PASS] == statuses(run_check(enhanced_monitoring, on))


@pytest.mark.parametrize("engine", ["neptune", "docdb", "custom-oracle-ee"])
def test_does_not_apply(engine):
    """
    To databases of other services, and to RDS Custom.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(enhanced_monitoring, instance(Engine=engine)))
