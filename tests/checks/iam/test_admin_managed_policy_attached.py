import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role, User
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.admin_managed_policy_attached import admin_managed_policy_attached
from tests.checks.iam.people import ARN, boundary, group, role, user


ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
IAM = "arn:aws:iam::aws:policy/IAMFullAccess"


def judged(*things, **more):
    return run_check(admin_managed_policy_attached, *things, **more)


@pytest.mark.parametrize("arn", [ADMIN, IAM])
@pytest.mark.parametrize(("make", "kind"), [(role, "role"), (user, "user"), (group, "group")])
def test_an_administrators_policy_fails(make, kind, arn):
    """
    On a role, a user, or a group that has a user.
    """
    (finding,) = judged(make("ops", attached=[arn]), user("ada", groups=["ops"]))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"aws iam detach-{kind}-policy --{kind}-name ops --policy-arn {arn}" == finding.fix


def test_both_policies_are_two_findings():
    """
    Each is detached by itself.
    """
    assert ["AdministratorAccess", "IAMFullAccess"] == [f.sub_key for f in judged(role("ops", attached=[ADMIN, IAM]))]


@pytest.mark.parametrize(
    "holder",
    [
        role("ops"),
        role("amplify", attached=[f"{ADMIN}-Amplify"]),
        role("own", attached=[f"{ARN}:policy/AdministratorAccess"]),
        role("AWSReservedSSO_Admin_1", attached=[ADMIN], Path="/aws-reserved/sso.amazonaws.com/eu-west-1/"),
        role("OrganizationAccountAccessRole", attached=[ADMIN]),
        role("AWSControlTowerExecution", attached=[ADMIN]),
        group("nobody", attached=[ADMIN]),
    ],
)
def test_other_policies_expected_holders_and_empty_groups_pass(holder):
    """
    The names have to be the whole names.
    """
    assert [Status.PASS] == statuses(judged(holder))


def test_whom_the_configuration_calls_an_administrator_passes():
    """
    By ARN.
    """
    trust = Trust(administrators=(f"{ARN}:role/break-*",))

    assert [Status.PASS] == statuses(judged(role("break-glass", attached=[ADMIN]), trust=trust))


def test_the_role_of_the_cdk_weighs_less():
    """
    It is meant to be so.
    """
    (finding,) = judged(role("cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1", attached=[ADMIN]))

    assert Severity.MEDIUM is finding.severity


def test_a_boundary_weighs_less():
    """
    It is named.
    """
    (finding,) = judged(role("sandbox", attached=[ADMIN], **boundary(f"{ARN}:policy/edge")))

    assert Severity.MEDIUM is finding.severity
    assert "AdministratorAccess is attached, within the boundary edge" == finding.message


def test_service_linked_roles_are_not_judged():
    """
    Nobody but AWS edits them.
    """
    linked = role("AWSServiceRoleForX", attached=[ADMIN], Path="/aws-service-role/x.amazonaws.com/")

    assert [Status.NOT_APPLICABLE] == statuses(judged(linked))


def test_refused_evidence_is_unknown():
    """
    What is attached, or who is in the group.
    """
    assert [Status.UNKNOWN] == statuses(judged(fake(Role, {})))
    assert [Status.UNKNOWN] == statuses(judged(group("ops", attached=[ADMIN]), unlisted=[User]))
