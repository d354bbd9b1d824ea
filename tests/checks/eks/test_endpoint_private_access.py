import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.endpoint_private_access import endpoint_private_access


@pytest.mark.parametrize("config", [{}, {"endpointPrivateAccess": False}])
def test_flags_a_cluster_without_private_endpoint(make_cluster, config):
    """
    Off, or left out, has a problem and a command that mends it.
    """
    (finding,) = run_check(endpoint_private_access, make_cluster(resourcesVpcConfig=config))

    assert Status.FAIL is finding.status
    assert (
        "aws eks update-cluster-config --region eu-west-1 --name validators "
        "--resources-vpc-config endpointPrivateAccess=true" == finding.fix
    )


def test_accepts_a_private_endpoint(make_cluster):
    """
    On passes.
    """
    cluster = make_cluster(resourcesVpcConfig={"endpointPrivateAccess": True})

    assert [Status.PASS] == statuses(run_check(endpoint_private_access, cluster))


def test_leaves_foreign_clusters_alone(connected, local):
    """
    Connected and local clusters have no such endpoint.
    """
    for cluster in (connected, local):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(endpoint_private_access, cluster))
