import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.endpoint_public_cidr import endpoint_public_cidr


@pytest.mark.parametrize(
    ("cidrs", "found"),
    [
        (["0.0.0.0/0"], "0.0.0.0/0"),
        (["10.0.0.0/8", "::/0"], "::/0"),
        (["128.0.0.0/1", "203.0.113.7/32"], "128.0.0.0/1"),
        (["2000::/3"], "2000::/3"),
        ([], "0.0.0.0/0, AWS's default"),
        (None, "0.0.0.0/0, AWS's default"),
    ],
)
def test_flags_a_public_endpoint_for_wide_networks(make_cluster, cidrs, found):
    """
    A public endpoint that everybody, or a good part of the internet, reaches has a problem and a command that mends it.
    """
    config = {"endpointPublicAccess": True} | ({} if cidrs is None else {"publicAccessCidrs": cidrs})
    (finding,) = run_check(endpoint_public_cidr, make_cluster(resourcesVpcConfig=config))

    assert Status.FAIL is finding.status
    assert Severity.HIGH is finding.severity
    assert found == finding.found
    assert (
        "aws eks update-cluster-config --region eu-west-1 --name validators "
        "--resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true" == finding.fix
    )


@pytest.mark.parametrize(
    "config",
    [
        {"endpointPublicAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]},
        {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24", "10.0.0.0/8", "2001:db8::/32"]},
        {"endpointPublicAccess": True, "publicAccessCidrs": ["3.0.0.0/8", "2600::/16"]},
    ],
)
def test_accepts_private_and_restricted_endpoints(make_cluster, config):
    """
    No public endpoint passes, and so does one for named networks.
    """
    assert [Status.PASS] == statuses(run_check(endpoint_public_cidr, make_cluster(resourcesVpcConfig=config)))


def test_does_not_guess_where_aws_says_nothing(make_cluster):
    """
    Without a word on the endpoint the verdict is unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(endpoint_public_cidr, make_cluster()))


def test_leaves_foreign_and_unsettled_clusters_alone(make_cluster, connected, local):
    """
    Connected, local, and not yet or no longer existing clusters have no endpoint to judge.
    """
    unsettled = [make_cluster(status=status) for status in ("CREATING", "DELETING", "FAILED")]

    for cluster in (connected, local, *unsettled):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(endpoint_public_cidr, cluster))
