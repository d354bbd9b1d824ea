import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.control_plane_logging import TYPES, control_plane_logging


@pytest.mark.parametrize(
    ("setups", "severity", "found"),
    [
        (None, Severity.MEDIUM, "none on"),
        ([{"types": list(TYPES), "enabled": False}], Severity.MEDIUM, "none on"),
        ([{"types": ["api", "audit"], "enabled": True}], Severity.MEDIUM, "api, audit"),
        ([{"types": ["audit", "authenticator", "api"], "enabled": True}], Severity.LOW, "api, audit, authenticator"),
    ],
)
def test_flags_missing_log_types(make_cluster, setups, severity, found):
    """
    Missing evidence of who did what is worse than missing logs of the machinery.
    """
    cluster = make_cluster(logging={"clusterLogging": setups} if setups else None)
    (finding,) = run_check(control_plane_logging, cluster)

    assert (Status.FAIL, severity, found) == (finding.status, finding.severity, finding.found)
    assert (
        "aws eks update-cluster-config --region eu-west-1 --name validators --logging "
        '\'{"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],'
        '"enabled":true}]}\'' == finding.fix
    )


def test_adds_up_what_several_entries_enable(make_cluster):
    """
    All five on passes, however they are spread over the entries.
    """
    setups = [
        {"types": ["api", "audit", "authenticator"], "enabled": True},
        {"types": ["controllerManager", "scheduler"], "enabled": True},
        {"types": [], "enabled": False},
    ]
    cluster = make_cluster(logging={"clusterLogging": setups})

    assert [Status.PASS] == statuses(run_check(control_plane_logging, cluster))


def test_leaves_foreign_clusters_alone(connected, local):
    """
    AWS does not keep the logs of connected and local clusters.
    """
    for cluster in (connected, local):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(control_plane_logging, cluster))
