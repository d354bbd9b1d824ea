import json

import pytest

from awsaudit import Status, Trust
from awsaudit.resources.iam import ManagedPolicy
from awsaudit.resources.organizations import ServiceControlPolicy
from awsaudit.testing import run_check, statuses
from awsaudit_checks.iam.policy_passrole_wildcard import policy_passrole_wildcard
from tests.checks.iam.people import (
    ADMINISTRATOR,
    ARN,
    allow,
    boundary,
    controls,
    deny,
    group,
    policy,
    role,
    user,
    verdict,
)
from tests.checks.policies import option


RUN = allow("ec2:RunInstances")


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:PassRole"), RUN],
        [allow("iam:Pass*", "arn:aws:iam::*:role/*"), RUN],
        [allow("iam:*", f"{ARN}:role/*"), allow("lambda:CreateFunction", "arn:aws:lambda:*:*:function:app-*")],
        [allow("iam:PassRole", StringLike={"iam:PassedToService": "*"}), RUN],
        [allow("iam:PassRole"), deny("iam:PassRole", f"{ARN}:role/admin"), RUN],
        [allow(["iam:PassRole", "cloudformation:*"])],
        [allow("iam:PassRole"), allow("states:CreateStateMachine")],
    ],
)
def test_flags_any_role_to_any_service(statements):
    """
    Whoever may also start something that takes a role.
    """
    assert Status.FAIL is verdict(policy_passrole_wildcard, role("deploy", *statements))
    assert Status.FAIL is verdict(policy_passrole_wildcard, user("deploy", *statements))


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:PassRole", f"{ARN}:role/app"), RUN],
        [allow("iam:PassRole", f"{ARN}:role/app-*"), RUN],
        [allow("iam:PassRole", StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}), RUN],
        [allow("iam:PassRole")],
        [allow("iam:PassRole"), allow("s3:*")],
        [RUN],
        [allow("iam:PassRole"), deny("iam:PassRole"), RUN],
        [allow("iam:PassRole"), RUN, deny("ec2:*")],
        [
            allow("iam:PassRole"),
            deny("iam:PassRole", StringNotEquals={"iam:PassedToService": "ec2.amazonaws.com"}),
            RUN,
        ],
    ],
)
def test_accepts_named_roles_or_services(statements):
    """
    And who can start nothing that takes a role.
    """
    assert Status.PASS is verdict(policy_passrole_wildcard, role("deploy", *statements))


def test_counts_what_the_principal_may_do_in_the_end():
    """
    Rights come by groups and managed policies; boundaries and control policies take them.
    """
    passing, bound = policy("pass", allow("iam:PassRole")), policy("bound", allow("ec2:*"))
    ada = user("ada", attached=[f"{ARN}:policy/pass"], groups=["ops"])
    tight = role("tight", allow("iam:PassRole"), RUN, **boundary(f"{ARN}:policy/bound"))
    fenced = controls(deny("iam:PassRole"))

    assert Status.FAIL is verdict(policy_passrole_wildcard, ada, passing, group("ops", RUN))
    assert Status.PASS is verdict(policy_passrole_wildcard, tight, bound)
    assert Status.PASS is verdict(policy_passrole_wildcard, role("deploy", allow("iam:PassRole"), RUN), *fenced)


def test_command_binds_the_statement_to_the_services_that_are_started():
    """
    What else the statement allows stays; the new policy passes.
    """
    deploy = role("deploy", allow(["iam:PassRole", "s3:GetObject"]), RUN, allow("lambda:CreateFunction"))
    (finding,) = run_check(policy_passrole_wildcard, deploy)
    bound = json.loads(option(finding.fix, "--policy-document"))["Statement"]

    assert finding.fix.startswith("aws iam put-role-policy --role-name deploy --policy-name own ")
    assert {"iam:PassedToService": ["lambda.amazonaws.com", "ec2.amazonaws.com"]} == bound[0]["Condition"][
        "StringEquals"
    ]
    assert allow(["s3:GetObject"]) == bound[1]
    assert [Status.PASS] == statuses(run_check(policy_passrole_wildcard, role("deploy", *bound)))


def test_prints_no_command_where_there_is_no_single_place():
    """
    AWS's own policy, two policies, or a wildcard: what to narrow is for the owner to say.
    """
    aws = policy("x", allow("iam:PassRole"), arn="arn:aws:iam::aws:policy/x")
    with_aws = role("deploy", RUN, attached=["arn:aws:iam::aws:policy/x"])
    two = role("deploy", RUN, allow("iam:PassRole"), attached=[f"{ARN}:policy/pass"])
    wild = role("deploy", RUN, allow("iam:*"), deny("iam:CreatePolicyVersion"))
    found = [
        *run_check(policy_passrole_wildcard, with_aws, aws),
        *run_check(policy_passrole_wildcard, two, policy("pass", allow("iam:PassRole"))),
        *run_check(policy_passrole_wildcard, wild),
    ]

    assert [(Status.FAIL, None)] * 3 == [(f.status, f.fix) for f in found]


def test_does_not_concern_administrators_and_service_linked_roles():
    """
    Neither those by policy, nor those by configuration.
    """
    admin = role("admin", attached=[ADMINISTRATOR])
    called = role("break-glass", allow("iam:PassRole"), RUN)
    trust = Trust(administrators=("arn:aws:iam::*:role/break-glass",))
    linked = role("AWSServiceRoleForX", allow("iam:PassRole"), RUN, Path="/aws-service-role/x.amazonaws.com/")

    assert Status.NOT_APPLICABLE is verdict(policy_passrole_wildcard, admin, policy("everything", allow("*")))
    assert Status.NOT_APPLICABLE is verdict(policy_passrole_wildcard, called, trust=trust)
    assert Status.NOT_APPLICABLE is verdict(policy_passrole_wildcard, linked)


def test_is_unknown_where_a_policy_was_refused_and_says_so_of_control_policies():
    """
    A policy that grants is needed; control policies can only take away, so the failure stands and says so.
    """
    hidden = role("deploy", RUN, attached=[f"{ARN}:policy/pass"])
    (finding,) = run_check(
        policy_passrole_wildcard,
        role("deploy", allow("iam:PassRole"), RUN),
        *controls()[:2],
        unlisted=[ServiceControlPolicy],
    )

    assert Status.UNKNOWN is verdict(policy_passrole_wildcard, hidden, unlisted=[ManagedPolicy])
    assert "control policies could not be read" in finding.message
