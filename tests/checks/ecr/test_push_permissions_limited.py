import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ecr.push_permissions_limited import push_permissions_limited
from tests.estate import OWN, allow, alone, deny, document, managed, repository, role, trusting


IMAGES = repository("team/api")
IRSA = document(
    {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/1"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
)


def judge(holder, *others, repositories=(IMAGES,), **more):
    return run_check(push_permissions_limited, holder, *repositories, *others, *alone(), **more)


@pytest.mark.parametrize(
    "trust",
    [trusting("ec2.amazonaws.com"), trusting("ecs-tasks.amazonaws.com"), trusting("lambda.amazonaws.com"), IRSA],
)
def test_flags_workloads_that_push(trust):
    """
    Roles of instances, tasks, functions and pods fail if they may push.
    """
    [finding] = judge(role("api", allow("ecr:*"), trust=trust))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "may push to team/api: ecr:PutImage by the inline policy api-0 of api, statement 1" in finding.message
    assert ["AWS::IAM::Role", "AWS::ECR::Repository"] == [hop.type for hop in finding.path]


def test_the_fix_denies_pushing():
    """
    The printed policy, put on the role, makes it pass.
    """
    [finding] = judge(role("api", allow("ecr:*")))

    assert "aws iam put-role-policy --role-name api --policy-name deny-image-push" in finding.fix
    denied = deny("ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload")
    assert [Status.PASS] == statuses(judge(role("api", allow("ecr:*"), denied)))


def test_flags_rights_of_the_repository_policy():
    """
    A repository that names the role lets it push without a policy of its own.
    """
    named = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:role/api"}, "Action": "ecr:PutImage"}

    assert [Status.FAIL] == statuses(judge(role("api"), repositories=[repository("team/api", named)]))


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")],
        [allow("ecr:PutImage", resource=f"arn:aws:ecr:eu-west-1:{OWN}:repository/other")],
        [allow("ecr:*"), deny("ecr:Put*", "ecr:Initiate*")],
    ],
)
def test_pulling_passes(statements):
    """
    Pulling, pushing elsewhere, and pushing that is denied pass.
    """
    assert [Status.PASS] == statuses(judge(role("api", *statements)))


def test_a_boundary_holds_it_back():
    """
    What the boundary does not allow is no right.
    """
    edge = managed(f"arn:aws:iam::{OWN}:policy/edge", allow("s3:*"))

    assert [Status.PASS] == statuses(
        judge(role("api", allow("ecr:*"), boundary=f"arn:aws:iam::{OWN}:policy/edge"), edge)
    )


@pytest.mark.parametrize(
    "holder",
    [
        role("build", allow("ecr:*"), trust=trusting("codebuild.amazonaws.com")),
        role("admin", allow("*")),
        role("linked", allow("ecr:*"), path="/aws-service-role/ecs.amazonaws.com/"),
    ],
)
def test_does_not_apply(holder):
    """
    Builds push, administrators are other checks' matter, and AWS's own roles cannot be changed.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(holder))


def test_with_ci_roles_any_other_role_is_medium():
    """
    Once it is said who deploys, others that may push fail, too.
    """
    trust = Trust(ci_roles=(f"arn:aws:iam::{OWN}:role/deploy-*",))
    person = document({"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"})
    deployer, other = role("deploy-api", allow("ecr:*"), trust=person), role("ops", allow("ecr:*"), trust=person)

    assert [Status.NOT_APPLICABLE] == statuses(judge(deployer, trust=trust))
    assert [(Status.FAIL, Severity.MEDIUM)] == [(f.status, f.severity) for f in judge(other, trust=trust)]


def test_a_policy_that_cannot_be_read_is_unknown():
    """
    A policy that AWS does not tell might let it push.
    """
    [finding] = judge(role("api", attached=[f"arn:aws:iam::{OWN}:policy/hidden"]))

    assert Status.UNKNOWN == finding.status
    assert "hidden" in finding.message
