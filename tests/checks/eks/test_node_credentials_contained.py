import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import DESCRIBE_POD_IDENTITY, LIST_POD_IDENTITIES, PodIdentityAssociation
from awsaudit.resources.iam import PROVIDER, PROVIDERS, OidcProvider
from awsaudit.resources.s3 import ACCOUNT_PUBLIC_ACCESS, AccountPublicAccess
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.node_credentials_contained import node_credentials_contained
from tests.estate import OWN, allow, alone, role, secret


OPEN = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 2}
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/1"
SECRET = secret("payments/api-key")
READS = allow("secretsmanager:GetSecretValue")


@pytest.fixture
def judge(make_cluster, make_group, make_node):
    """
    Return a function that runs the check on a cluster with one node group, one node of it, and a role.
    """

    def judge(holder, *others, metadata=OPEN, **more):
        cluster = make_cluster(identity={"oidc": {"issuer": f"https://{ISSUER}"}})
        group, node = make_group(cluster=cluster), make_node(MetadataOptions=metadata)
        wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
        children = [make(cluster) for make in others]
        return run_check(
            node_credentials_contained, cluster, group, node, holder, SECRET, wide, *alone(), *children, **more
        )

    return judge


def provider(_):
    arn = f"arn:aws:iam::{OWN}:oidc-provider/{ISSUER}"
    return fake(
        OidcProvider, {PROVIDERS: {"Arn": arn}, PROVIDER: {"Url": ISSUER, "ClientIDList": ["sts.amazonaws.com"]}}
    )


def association(cluster):
    listed = {
        "associationArn": f"arn:aws:eks:eu-west-1:{OWN}:podidentityassociation/validators/a-1",
        "clusterName": "v",
    }
    return fake(PodIdentityAssociation, {LIST_POD_IDENTITIES: listed, DESCRIBE_POD_IDENTITY: {}}, parent=cluster)


def test_flags_credentials_that_pods_reach(judge):
    """
    A node that answers pods, with a role that reads a secret, where pods have no roles of their own.
    """
    [finding] = judge(role("node", READS))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "any pod of the node group signer gets the credentials of node" in finding.message
    assert "pods have no roles of their own" in finding.message
    assert ["pod", "AWS::EC2::Instance", "AWS::IAM::Role", "AWS::SecretsManager::Secret"] == [
        hop.type for hop in finding.path
    ]
    assert "modify-instance-metadata-options" in finding.fix


@pytest.mark.parametrize("make", [provider, association])
def test_roles_for_pods_make_it_medium(judge, make):
    """
    Where pods can have roles of their own, fewer depend on the node's.
    """
    [finding] = judge(role("node", READS), make)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_an_administrator_is_critical(judge):
    """
    Every pod is an administrator then.
    """
    [finding] = judge(role("node", allow("*")))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


def test_a_hop_limit_of_one_passes(judge):
    """
    Pods do not get at the credentials, whatever they are worth.
    """
    contained = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1}

    assert [Status.PASS] == statuses(judge(role("node", READS), metadata=contained))


def test_untold_metadata_options_are_unknown(judge):
    """
    Where AWS does not say whether pods reach the credentials, silence is no pass.
    """
    assert [Status.UNKNOWN] == statuses(judge(role("node", READS), metadata={}))


def test_a_role_that_only_pulls_passes(judge):
    """
    Credentials that reach nothing are worth nothing.
    """
    assert [Status.PASS] == statuses(judge(role("node", allow("ecr:BatchGetImage"))))


def test_unlisted_associations_are_unknown(judge):
    """
    How bad it is hangs on whether pods have roles of their own.
    """
    assert [Status.UNKNOWN] == statuses(judge(role("node", READS), unlisted=[PodIdentityAssociation]))


def test_does_not_apply_without_node_groups(make_cluster):
    """
    A cluster without managed node groups has none to judge.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(node_credentials_contained, make_cluster(), *alone()))
