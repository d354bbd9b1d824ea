import pytest

from awsaudit import Status
from awsaudit.resources.iam import POLICIES, ManagedPolicy
from awsaudit.testing import fake, refused, run_check
from awsaudit_checks.iam.policy_full_admin import policy_full_admin
from tests.checks.iam.people import ADMINISTRATOR, allow, deny, everything, group, policy, role, user, verdict


@pytest.mark.parametrize(
    "statements",
    [
        [allow("*")],
        [allow("*:*")],
        [allow(["s3:GetObject", "*"], ["arn:aws:s3:::ledger/*", "*"])],
        [allow("**")],
        [allow("*", "arn:aws:*:*:*:*")],
        [allow("*", StringEquals={"aws:RequestedRegion": "eu-west-1"})],
        [allow("*", StringEquals={"aws:PrincipalAccount": "111122223333"})],
        [allow("*", BoolIfExists={"aws:MultiFactorAuthPresent": "true"})],
        [allow("*", Bool={"aws:SecureTransport": "true"})],
        [allow("*", StringLike={"aws:PrincipalArn": "*"})],
        [allow("*", IpAddress={"aws:SourceIp": "0.0.0.0/0"})],
        [allow("*", StringNotEquals={"aws:PrincipalTag/team": "guests"})],
        [allow("*"), deny("organizations:LeaveOrganization")],
        [allow("*"), deny("iam:*")],
    ],
)
def test_flags_every_action_on_every_resource(statements):
    """
    However it is spelled, and behind conditions that anybody in the account meets.
    """
    assert Status.FAIL is verdict(policy_full_admin, policy("wide", *statements))
    assert Status.FAIL is verdict(policy_full_admin, role("wide", *statements))


@pytest.mark.parametrize(
    "statements",
    [
        [allow("s3:*")],
        [allow(["iam:*", "s3:*"])],
        [allow("*", "arn:aws:s3:::ledger")],
        [allow("*", "arn:aws:s3:*:*:*")],
        [allow("*", Bool={"aws:MultiFactorAuthPresent": "true"})],
        [allow("*", StringEquals={"aws:PrincipalTag/team": "platform"})],
        [allow("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"})],
        [allow("*", IpAddress={"aws:SourceIp": "203.0.113.0/24"})],
        [allow("*", StringEquals={"aws:SourceVpc": "vpc-1"})],
        [
            allow("*"),
            deny("*", Bool={"aws:MultiFactorAuthPresent": "false"}),
            deny("*", Null={"aws:MultiFactorAuthAge": "true"}),
        ],
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [deny("*")],
    ],
)
def test_accepts_less(statements):
    """
    Less than everything passes, and so does what is bound to a principal, a source, a tag or a second factor.
    """
    assert Status.PASS is verdict(policy_full_admin, policy("narrow", *statements))


def test_names_holders_and_takes_it_from_the_only_one():
    """
    A policy with one holder has a command; whom of several it is taken from is for its owner to say.
    """
    one, two = role("automation", attached=[ADMINISTRATOR]), user("ada", attached=[ADMINISTRATOR])
    (alone,) = run_check(policy_full_admin, everything, one)
    (shared,) = run_check(policy_full_admin, everything, one, two)

    assert f"aws iam detach-role-policy --role-name automation --policy-arn {ADMINISTRATOR}" == alone.fix
    assert "; the role automation, the user ada have it" in shared.message
    assert shared.fix is None


@pytest.mark.parametrize(
    ("holder", "command"),
    [
        (role("ops", allow("*")), "aws iam delete-role-policy --role-name ops --policy-name own"),
        (user("ops", allow("*")), "aws iam delete-user-policy --user-name ops --policy-name own"),
        (group("ops", allow("*")), "aws iam delete-group-policy --group-name ops --policy-name own"),
    ],
)
def test_takes_inline_policies_away(holder, command):
    """
    Of roles, users and groups alike.
    """
    (finding,) = run_check(policy_full_admin, holder)

    assert (Status.FAIL, command, "own") == (finding.status, finding.fix, finding.sub_key)


def test_does_not_concern_what_grants_nothing():
    """
    AWS's own policies, policies of nobody, boundaries, and principals without inline policies are not judged.
    """
    aws = policy("x", allow("*"), arn="arn:aws:iam::aws:policy/AdministratorAccess")
    unused, bound = (policy("x", allow("*"), attachments=0, PermissionsBoundaryUsageCount=n) for n in (0, 2))
    linked = role("AWSServiceRoleForX", allow("*"), Path="/aws-service-role/x.amazonaws.com/")

    found = [verdict(policy_full_admin, thing) for thing in (aws, unused, bound, linked, role("plain"))]
    assert [Status.NOT_APPLICABLE] * 5 == found


def test_is_unknown_where_the_policy_was_refused():
    """
    Refused evidence is no pass.
    """
    hidden = fake(ManagedPolicy, {POLICIES: refused(ManagedPolicy, POLICIES)})

    assert Status.UNKNOWN is verdict(policy_full_admin, hidden)
