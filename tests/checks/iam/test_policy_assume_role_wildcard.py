import json

import pytest

from awsaudit import Status
from awsaudit.resources.organizations import Organization
from awsaudit.testing import run_check, statuses
from awsaudit_checks.iam.policy_assume_role_wildcard import policy_assume_role_wildcard
from tests.checks.iam.people import allow, deny, group, policy, role, verdict
from tests.checks.policies import ORGANIZATION_OF, OWN_ORGANIZATION, option


@pytest.mark.parametrize(
    "statements",
    [
        [allow("sts:AssumeRole")],
        [allow("sts:*")],
        [allow("STS:assume*", "arn:aws:iam::*:role/*")],
        [allow(["s3:GetObject", "sts:AssumeRole"], ["arn:aws:iam::111122223333:role/x", "*"])],
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [allow("sts:AssumeRole", StringEquals={"sts:ExternalId": "4f1c"})],
        [allow("sts:AssumeRole", StringEquals={"aws:RequestedRegion": "eu-west-1"})],
        [allow("sts:AssumeRole"), deny("sts:AssumeRole", "arn:aws:iam::111122223333:role/prod-*")],
    ],
)
def test_flags_every_role_everywhere(statements):
    """
    However it is spelled, behind conditions that whoever asks can meet, and with some roles denied.
    """
    assert Status.FAIL is verdict(policy_assume_role_wildcard, policy("roam", *statements))
    assert Status.FAIL is verdict(policy_assume_role_wildcard, group("roam", *statements))


@pytest.mark.parametrize(
    "statements",
    [
        [allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/deploy")],
        [allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/*")],
        [allow("sts:AssumeRole", "arn:aws:iam::*:role/deploy-*")],
        [allow("sts:AssumeRole", StringEquals={"aws:ResourceOrgID": OWN_ORGANIZATION})],
        [allow("sts:AssumeRole", StringEquals={"aws:ResourceOrgID": "${aws:PrincipalOrgID}"})],
        [allow("sts:AssumeRole", StringEquals={"aws:ResourceAccount": "111122223333"})],
        [allow("sts:AssumeRole", StringEquals={"iam:ResourceTag/team": "platform"})],
        [allow("sts:AssumeRole"), deny("sts:*", StringNotEquals={"aws:ResourceAccount": "111122223333"})],
        [allow("sts:GetCallerIdentity")],
        [allow("s3:*")],
    ],
)
def test_accepts_named_roles_and_conditions(statements):
    """
    Named roles, patterns of names, and what binds the role to an account, an organization or a tag.
    """
    assert Status.PASS is verdict(policy_assume_role_wildcard, policy("roam", *statements))


@pytest.mark.parametrize(
    ("others", "condition"),
    [([ORGANIZATION_OF], {"aws:ResourceOrgID": OWN_ORGANIZATION}), ([], {"aws:ResourceAccount": "111122223333"})],
)
def test_binds_the_statement_and_leaves_the_rest(others, condition):
    """
    The command parts the action from others of its statement; the new policy passes.
    """
    wide = policy("roam", {**allow(["s3:GetObject", "sts:AssumeRole"]), "Sid": "Roam"}, allow("sqs:SendMessage"))
    (finding,) = run_check(policy_assume_role_wildcard, wide, *others)
    bound = json.loads(option(finding.fix, "--policy-document"))["Statement"]

    assert finding.fix.startswith("aws iam create-policy-version --policy-arn arn:aws:iam::111122223333:policy/roam ")
    assert {"StringEquals": condition} == bound[0]["Condition"]
    assert [allow(["s3:GetObject"]), allow("sqs:SendMessage")] == bound[1:]
    assert [Status.PASS] == statuses(run_check(policy_assume_role_wildcard, policy("roam", *bound)))


def test_prints_no_command_where_the_action_is_behind_a_wildcard():
    """
    Nor where the organization could not be seen: what the condition should say is then not known.
    """
    wild = run_check(policy_assume_role_wildcard, policy("roam", allow("sts:*")))
    unseen = run_check(policy_assume_role_wildcard, policy("roam", allow("sts:AssumeRole")), unlisted=[Organization])

    assert [None, None] == [wild[0].fix, unseen[0].fix]
    assert [Status.FAIL, Status.FAIL] == statuses([*wild, *unseen])


def test_leaves_administrators_to_the_other_check():
    """
    Who may do everything may assume every role; that is said once. AWS's own policies are not judged.
    """
    aws = policy("x", allow("sts:*"), arn="arn:aws:iam::aws:policy/x")

    assert Status.NOT_APPLICABLE is verdict(policy_assume_role_wildcard, policy("all", allow("*")))
    assert Status.NOT_APPLICABLE is verdict(policy_assume_role_wildcard, aws)
    assert Status.NOT_APPLICABLE is verdict(policy_assume_role_wildcard, role("plain"))
