import pytest

from awsaudit import Status
from awsaudit.resources.eks import LIST_POD_IDENTITIES, Nodegroup, PodIdentityAssociation
from awsaudit.resources.iam import PROVIDER, PROVIDERS, OidcProvider
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.irsa_or_pod_identity import irsa_or_pod_identity


ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/1"


@pytest.fixture(name="cluster")
def cluster_fixture(make_cluster):
    """Return a cluster with an issuer of tokens."""
    return make_cluster(identity={"oidc": {"issuer": f"https://{ISSUER}"}})


def provider(issuer=ISSUER):
    arn = f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
    return fake(OidcProvider, {PROVIDERS: {"Arn": arn}, PROVIDER: {"Url": issuer}})


def association(cluster):
    arn = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/validators/a-1"
    return fake(PodIdentityAssociation, {LIST_POD_IDENTITIES: {"associationArn": arn}}, parent=cluster)


def test_flags_a_cluster_whose_pods_have_the_nodes_role(cluster, make_group):
    """
    Neither way is open; the command lets IAM trust the cluster's tokens. A provider of another cluster does not help.
    """
    (finding,) = run_check(irsa_or_pod_identity, cluster, make_group(cluster=cluster), provider("oidc.example/id/2"))

    assert Status.FAIL is finding.status
    assert f"--url https://{ISSUER} --client-id-list sts.amazonaws.com" in finding.fix


def test_passes_either_way(cluster, make_group):
    """
    A provider for the cluster's tokens, or one association.
    """
    for way in (provider(), association(cluster)):
        assert [Status.PASS] == statuses(run_check(irsa_or_pod_identity, cluster, make_group(cluster=cluster), way))


def test_a_cluster_without_nodes_is_not_judged(cluster, connected):
    """
    Nor is one that AWS only shows.
    """
    for each in (cluster, connected):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(irsa_or_pod_identity, each))


@pytest.mark.parametrize("kind", [OidcProvider, PodIdentityAssociation, Nodegroup])
def test_is_unknown_where_something_was_refused(cluster, kind):
    """
    Each of them may settle it.
    """
    assert [Status.UNKNOWN] == statuses(run_check(irsa_or_pod_identity, cluster, unlisted=[kind]))
