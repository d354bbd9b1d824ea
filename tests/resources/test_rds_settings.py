import pytest

from awsaudit.resources.rds import (
    INSTANCES,
    ORDERABLE,
    PROXIES,
    PROXY_TARGETS,
    DBCluster,
    DBInstance,
    DBProxy,
    Offer,
    ProxyTarget,
)
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect


@pytest.mark.parametrize("kind", [DBInstance, DBCluster, DBProxy])
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


def test_offers_are_told_for_each_licence():
    """
    What AWS does not say stays open.
    """
    options = [{"SupportsEnhancedMonitoring": True}, {"SupportsPerformanceInsights": False}]
    instance = fake(DBInstance, {INSTANCES: {}, ORDERABLE: options})

    assert (Offer(monitoring=True, insights=None, iam=None), Offer(monitoring=None, insights=False, iam=None)) == (
        instance.offers
    )


def test_windows_and_storage_are_read():
    """
    As AWS writes them.
    """
    told = {"PreferredBackupWindow": "03:00-03:30", "PreferredMaintenanceWindow": "sun:04:00-sun:04:30"}
    instance = fake(DBInstance, {INSTANCES: {**told, "AllocatedStorage": 100}})

    assert (*told.values(), 100) == (instance.backup_window, instance.maintenance_window, instance.storage)


def test_proxies_tell_what_is_behind_them():
    """
    An instance, or a cluster; a proxy that is gone has nothing.
    """
    targets = [
        {"RdsResourceId": "deposits", "Type": "RDS_INSTANCE"},
        {"RdsResourceId": "beacon", "Type": "TRACKED_CLUSTER"},
        {"RdsResourceId": "beacon-1", "TrackedClusterId": "beacon", "Type": "RDS_INSTANCE"},
    ]
    proxy = fake(DBProxy, {PROXIES: {"VpcSubnetIds": ["subnet-a"]}, PROXY_TARGETS: targets})

    assert (
        ProxyTarget("deposits", None, "RDS_INSTANCE"),
        ProxyTarget("beacon", None, "TRACKED_CLUSTER"),
        ProxyTarget("beacon-1", "beacon", "RDS_INSTANCE"),
    ) == proxy.targets
    assert ("subnet-a",) == proxy.subnet_ids


def test_targets_are_asked_for_by_the_proxys_name():
    """
    One call a proxy.
    """
    session = Session()
    rds = session.stub("rds")
    proxy = {"DBProxyName": "front", "DBProxyArn": "arn", "Status": "available"}
    rds.add_response("describe_db_proxies", {"DBProxies": [proxy]}, {})
    rds.add_response("describe_db_proxy_targets", {"Targets": []}, {"DBProxyName": "front"})

    (found,) = collect(session, DBProxy).every(DBProxy)

    rds.assert_no_pending_responses()
    assert () == found.targets
