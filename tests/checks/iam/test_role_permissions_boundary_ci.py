import pytest

from awsaudit import Status
from awsaudit.resources.iam import ManagedPolicy
from awsaudit.testing import run_check
from awsaudit_checks.iam.role_permissions_boundary_ci import role_permissions_boundary_ci
from tests.checks.iam.people import ARN, allow, boundary, controls, deny, policy, role, user, verdict


FENCE = f"{ARN}:policy/fence"
fence = policy("fence", allow("s3:*"), attachments=0, PermissionsBoundaryUsageCount=1)


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:CreateRole")],
        [allow("iam:*Role*", f"{ARN}:role/*")],
        [allow("iam:PutRolePolicy", f"{ARN}:role/app-*")],
        [
            allow("iam:AttachRolePolicy", StringNotEquals={"iam:ResourceTag/team": "x"}),
            allow("iam:CreatePolicyVersion"),
        ],
        [allow("iam:AttachRolePolicy", StringLike={"iam:PermissionsBoundary": FENCE}), allow("iam:CreateRole")],
        [allow("iam:CreateRole", StringEqualsIfExists={"iam:PermissionsBoundary": FENCE})],
        [allow("iam:CreateRole", StringEquals={"aws:RequestedRegion": "us-east-1"})],
    ],
)
def test_flags_makers_of_roles_without_a_boundary(statements):
    """
    Neither one of their own, nor one that they have to pass on; for users too.
    """
    assert Status.FAIL is verdict(role_permissions_boundary_ci, role("ci", *statements))
    assert Status.FAIL is verdict(role_permissions_boundary_ci, user("ci", *statements))


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:CreateRole", StringEquals={"iam:PermissionsBoundary": FENCE})],
        [allow("iam:CreateRole"), deny("iam:CreateRole", StringNotEquals={"iam:PermissionsBoundary": FENCE})],
        [allow("iam:CreateRole", f"{ARN}:role/app")],
        [allow("iam:PutRolePolicy", [f"{ARN}:role/app", f"{ARN}:role/web"])],
        [allow("iam:AttachRolePolicy", ArnEquals={"iam:PolicyARN": f"{ARN}:policy/app"})],
        [allow("iam:CreateRole"), deny("iam:*")],
    ],
)
def test_accepts_those_who_pass_a_boundary_on_or_act_on_named_roles(statements):
    """
    A condition on the boundary, named roles, or named policies.
    """
    assert Status.PASS is verdict(role_permissions_boundary_ci, role("ci", *statements))


def test_accepts_a_boundary_of_its_own_and_offers_the_one_there_is():
    """
    The command names the boundary that others have, if there is just one.
    """
    bare, bound = role("ci", allow("iam:CreateRole")), role("ci", allow("iam:CreateRole"), **boundary(FENCE))
    open_fence = policy("fence", allow("*"), attachments=0, PermissionsBoundaryUsageCount=1)
    other = policy("other", allow("s3:*"), attachments=0, PermissionsBoundaryUsageCount=2)
    (one,), (two,) = (
        run_check(role_permissions_boundary_ci, bare, fence),
        run_check(role_permissions_boundary_ci, bare, fence, other),
    )
    (person,) = run_check(role_permissions_boundary_ci, user("ci", allow("iam:CreateRole")), fence)

    assert f"aws iam put-role-permissions-boundary --role-name ci --permissions-boundary {FENCE}" == one.fix
    assert f"aws iam put-user-permissions-boundary --user-name ci --permissions-boundary {FENCE}" == person.fix
    assert two.fix is None
    assert [False] == [hop.holds for hop in one.path if not hop.holds]
    assert Status.PASS is verdict(role_permissions_boundary_ci, bound, open_fence)


def test_does_not_concern_others():
    """
    Who makes no roles, administrators, and service-linked roles.
    """
    linked = role("AWSServiceRoleForX", allow("iam:CreateRole"), Path="/aws-service-role/x.amazonaws.com/")

    assert Status.NOT_APPLICABLE is verdict(role_permissions_boundary_ci, role("reader", allow("iam:GetRole")))
    assert Status.NOT_APPLICABLE is verdict(role_permissions_boundary_ci, role("admin", allow("*")))
    assert Status.NOT_APPLICABLE is verdict(role_permissions_boundary_ci, linked)


def test_control_policies_may_demand_the_boundary():
    """
    A Deny of the organization is as good as a condition of the policy; a policy that was refused is unknown.
    """
    demanded = controls(deny("iam:CreateRole", StringNotEquals={"iam:PermissionsBoundary": FENCE}))
    hidden = role("ci", allow("s3:*"), attached=[f"{ARN}:policy/roles"])

    assert Status.PASS is verdict(role_permissions_boundary_ci, role("ci", allow("iam:CreateRole")), *demanded)
    assert Status.UNKNOWN is verdict(role_permissions_boundary_ci, hidden, unlisted=[ManagedPolicy])
