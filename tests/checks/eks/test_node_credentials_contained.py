import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import (
    DESCRIBE_POD_IDENTITY,
    LIST_POD_IDENTITIES,
    NODEGROUP_TEMPLATE,
    Nodegroup,
    PodIdentityAssociation,
)
from awsaudit.resources.iam import PROVIDER, PROVIDERS, OidcProvider
from awsaudit.resources.s3 import ACCOUNT_PUBLIC_ACCESS, AccountPublicAccess
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.node_credentials_contained import node_credentials_contained
from tests.estate import OWN, allow, alone, role, secret


OPEN = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 2}
TEMPLATE = {"launchTemplate": {"id": "lt-1", "version": "2"}}
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/1"
SECRET = secret("payments/api-key")
READS = allow("secretsmanager:GetSecretValue")


@pytest.fixture
def judge(make_cluster, make_group, make_node):
    """
    Return a function that runs the check on a cluster with one node group, one node of it, and a role.
    """

    def judge(holder, *others, metadata=OPEN, node="own", unlisted=(), **described):
        cluster = make_cluster(identity={"oidc": {"issuer": f"https://{ISSUER}"}})
        node = make_node(MetadataOptions=metadata) if node == "own" else node
        wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
        seen = [make_group(cluster=cluster, **described), holder, SECRET, wide, *alone(), *([node] if node else [])]
        children = [make(cluster) for make in others]
        return run_check(node_credentials_contained, cluster, *seen, *children, unlisted=unlisted)

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


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (OPEN, Status.FAIL),
        ({"HttpTokens": "optional", "HttpEndpoint": "enabled"}, Status.FAIL),
        ({"HttpTokens": "required", "HttpPutResponseHopLimit": 1}, Status.PASS),
        ({}, Status.UNKNOWN),
    ],
)
def test_the_template_tells_where_no_node_runs(judge, data, status):
    """
    A group scaled to nothing comes back as its launch template says; what that leaves open is unknown.
    """
    [finding] = judge(role("node", READS), node=None, calls={NODEGROUP_TEMPLATE: {"MetadataOptions": data}}, **TEMPLATE)

    assert status is finding.status


def test_repairs_the_template_where_no_node_runs(judge):
    """
    The path starts at the group, and the command makes a version of its template.
    """
    [finding] = judge(role("node", READS), node=None, calls={NODEGROUP_TEMPLATE: {"MetadataOptions": OPEN}}, **TEMPLATE)

    assert "launch template lt-1 version 2 has hop limit 2" in finding.path[1].by
    assert Nodegroup.type == finding.path[1].type
    assert (
        "create-launch-template-version --region eu-west-1 --launch-template-id lt-1 --source-version 2" in finding.fix
    )
    assert (
        "update-nodegroup-version --region eu-west-1 --cluster-name validators --nodegroup-name signer" in finding.fix
    )


@pytest.mark.parametrize(
    ("ami_type", "status"),
    [
        ("AL2_x86_64", Status.FAIL),
        ("AL2023_x86_64_STANDARD", Status.PASS),
        ("BOTTLEROCKET_x86_64", Status.UNKNOWN),
        ("WINDOWS_CORE_2022_x86_64", Status.NOT_APPLICABLE),
    ],
)
def test_knows_what_eks_does_without_nodes_and_template(judge, ami_type, status):
    """
    Without a template the AMI type decides, where AWS tells what it does.
    """
    assert [status] == statuses(judge(role("node", READS), node=None, amiType=ami_type))


def test_a_template_that_leaves_it_open_passes_where_the_role_only_pulls(judge):
    """
    Nothing hangs on it then.
    """
    findings = judge(role("node", allow("ecr:BatchGetImage")), node=None, calls={NODEGROUP_TEMPLATE: {}}, **TEMPLATE)

    assert [Status.PASS] == statuses(findings)


def test_windows_nodes_do_not_apply(judge, make_node):
    """
    An AMI of the user's own tells by its nodes that it is Windows.
    """
    node = make_node(Platform="windows", MetadataOptions=OPEN)

    assert [Status.NOT_APPLICABLE] == statuses(judge(role("node", READS), node=node))


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
