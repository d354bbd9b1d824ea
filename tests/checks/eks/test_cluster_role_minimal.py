import pytest

from awsaudit import Status
from awsaudit.resources.iam import POLICIES, ROLES, ManagedPolicy, Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.cluster_role_minimal import ACCEPTED, cluster_role_minimal


HERE = "arn:aws:iam::111122223333"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
ALIAS = "arn:aws:kms:eu-west-1:111122223333:alias/eks"


@pytest.fixture
def cluster(make_cluster):
    """
    Return a cluster whose secrets are encrypted with a customer key.
    """
    return make_cluster(
        roleArn=f"{HERE}:role/control-plane",
        encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": KEY}}],
    )


def role(*arns, **inline):
    attached = [{"PolicyArn": arn, "PolicyName": arn.rpartition("/")[2]} for arn in arns]
    policies = [{"PolicyName": name, "PolicyDocument": {"Statement": statement}} for name, statement in inline.items()]
    described = {"Arn": f"{HERE}:role/control-plane", "RoleName": "control-plane", "Path": "/"}
    return fake(Role, {ROLES: {**described, "AttachedManagedPolicies": attached, "RolePolicyList": policies}})


def managed(name, document):
    versions = [{"IsDefaultVersion": True, "Document": document}] if document else []
    return fake(ManagedPolicy, {POLICIES: {"Arn": f"{HERE}:policy/{name}", "PolicyVersionList": versions}})


def aws(name):
    return f"arn:aws:iam::aws:policy/{name}"


def allow(actions, resources, effect="Allow"):
    return {"Effect": effect, "Action": actions, "Resource": resources}


def test_flags_other_aws_policies(cluster):
    """
    A policy that is not for clusters is detached.
    """
    (finding,) = run_check(
        cluster_role_minimal, cluster, role(aws("AmazonEKSClusterPolicy"), aws("AdministratorAccess"))
    )

    assert Status.FAIL is finding.status
    assert "the role control-plane has attached AdministratorAccess" == finding.message
    assert (
        "aws iam detach-role-policy --region eu-west-1 --role-name control-plane "
        "--policy-arn arn:aws:iam::aws:policy/AdministratorAccess" == finding.fix
    )


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:*", "*"),
        allow(["kms:Decrypt"], "*"),
        allow(["kms:Decrypt", "kms:*"], KEY),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": KEY},
        [allow("kms:Decrypt", KEY), allow("ec2:RunInstances", "*")],
    ],
)
def test_flags_policies_of_ones_own_that_allow_more(cluster, statement):
    """
    Inline and customer policies may use the secrets' key and nothing else.
    """
    (inline,) = run_check(cluster_role_minimal, cluster, role(extra=statement))
    (attached,) = run_check(
        cluster_role_minimal,
        cluster,
        role(f"{HERE}:policy/extra"),
        managed("extra", {"Statement": statement}),
    )

    assert [Status.FAIL, Status.FAIL] == [inline.status, attached.status]
    assert "the role control-plane has the inline policy extra" == inline.message
    assert "aws iam delete-role-policy --region eu-west-1 --role-name control-plane --policy-name extra" == inline.fix


def test_accepts_what_clusters_need(cluster):
    """
    AWS's policies for clusters, the use of the secrets' key, and refusals pass.
    """
    key = allow(["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey", "kms:CreateGrant"], [KEY])
    refusal = allow("*", "*", effect="Deny")
    held = role(*map(aws, sorted(ACCEPTED)), f"{HERE}:policy/key", both=[key, refusal])

    assert [Status.PASS] == statuses(run_check(cluster_role_minimal, cluster, held, managed("key", {"Statement": key})))


def test_does_not_guess(make_cluster, cluster):
    """
    A key known by an alias only, a policy without a document, a role of another account and refused IAM are unknown.
    """
    alias = make_cluster(
        roleArn=f"{HERE}:role/control-plane",
        encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": ALIAS}}],
    )
    foreign = make_cluster(roleArn="arn:aws:iam::999988887777:role/x")
    own = role(f"{HERE}:policy/own")

    assert [Status.UNKNOWN] == statuses(run_check(cluster_role_minimal, alias, role(key=allow("kms:Decrypt", KEY))))
    assert [Status.UNKNOWN] == statuses(run_check(cluster_role_minimal, cluster, own, managed("own", None)))
    assert [Status.UNKNOWN] == statuses(run_check(cluster_role_minimal, cluster, own, unlisted=[ManagedPolicy]))
    assert [Status.UNKNOWN] == statuses(run_check(cluster_role_minimal, cluster, unlisted=[Role]))
    assert [Status.UNKNOWN] == statuses(run_check(cluster_role_minimal, foreign))


def test_one_known_policy_settles_it(cluster):
    """
    A policy that is too much fails even if another one's document is hidden.
    """
    held = role(f"{HERE}:policy/own", aws("PowerUserAccess"))

    assert [Status.FAIL] == statuses(run_check(cluster_role_minimal, cluster, held, unlisted=[ManagedPolicy]))


def test_leaves_clusters_without_role_alone(cluster, connected):
    """
    A role that is gone has no policies; a connected cluster has none of ours.
    """
    for other in (cluster, connected):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_role_minimal, other))
