import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.cluster_healthy import cluster_healthy


KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
ALIAS = "arn:aws:kms:eu-west-1:111122223333:alias/eks"


def issue(code, *ids, message="see there"):
    return {"issues": [{"code": code, "message": message, "resourceIds": list(ids)}]}


@pytest.mark.parametrize(
    ("code", "severity"),
    [("KmsKeyNotFound", Severity.HIGH), ("VpcNotFound", Severity.HIGH), ("Ec2SubnetNotFound", Severity.MEDIUM)],
)
def test_flags_issues_by_what_they_threaten(make_cluster, code, severity):
    """
    What keeps the cluster from being recovered is high, the rest medium; where nothing can be run there is no command.
    """
    (finding,) = run_check(cluster_healthy, make_cluster(health=issue(code, "vpc-1")))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert f"{code} (vpc-1): see there" == finding.message
    assert finding.fix is None


@pytest.mark.parametrize(
    ("described", "fix"),
    [
        ({"health": issue("KmsKeyDisabled", KEY)}, f"aws kms enable-key --region eu-west-1 --key-id {KEY}"),
        (
            {
                "health": issue("KmsKeyMarkedForDeletion"),
                "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": KEY}}],
            },
            (
                f"aws kms cancel-key-deletion --region eu-west-1 --key-id {KEY} && "
                f"aws kms enable-key --region eu-west-1 --key-id {KEY}"
            ),
        ),
        ({"health": issue("KmsKeyDisabled", ALIAS)}, None),
        (
            {
                "health": issue("IamRoleNotFound", "role"),
                "roleArn": "arn:aws:iam::111122223333:role/eks/control-plane",
            },
            (
                "aws iam create-role --region eu-west-1 --role-name control-plane --path /eks/ "
                '--assume-role-policy-document \'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": '
                '{"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}\' && aws iam attach-role-policy '
                "--region eu-west-1 --role-name control-plane --policy-arn arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
            ),
        ),
        ({"health": issue("IamRoleNotFound")}, None),
    ],
)
def test_commands_bring_back_what_is_gone(make_cluster, described, fix):
    """
    Keys are enabled or saved, a role is made anew; what does not tell its name gets no command.
    """
    (finding,) = run_check(cluster_healthy, make_cluster(**described))

    assert fix == finding.fix


def test_flags_a_failed_cluster(make_cluster):
    """
    A cluster that failed has a problem of its own beside its issues.
    """
    found = run_check(cluster_healthy, make_cluster(status="FAILED", health=issue("Other", message=None)))

    assert [Status.FAIL, Status.FAIL] == statuses(found)
    assert ["the cluster has FAILED", "Other: AWS says no more"] == [finding.message for finding in found]


@pytest.mark.parametrize("described", [{}, {"health": {"issues": []}}, {"status": "UPDATING"}])
def test_accepts_a_cluster_without_issues(make_cluster, described):
    """
    No issues, or no word on health, passes.
    """
    assert [Status.PASS] == statuses(run_check(cluster_healthy, make_cluster(**described)))


def test_leaves_foreign_and_unsettled_clusters_alone(make_cluster, connected):
    """
    What comes or goes, or is run elsewhere, is not judged.
    """
    for cluster in (connected, make_cluster(status="CREATING"), make_cluster(status="DELETING")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_healthy, cluster))
