import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.role_least_privilege import role_least_privilege
from tests.checks.codebuild.hooks import project
from tests.estate import OWN, allow, alone, deny, role, trusting


BUILDS = trusting("codebuild.amazonaws.com")
LOGS = allow("logs:CreateLogStream", "logs:PutLogEvents")


def judge(*statements, others=(), built=None, **more):
    holder = role("build", *statements, trust=BUILDS)
    return run_check(role_least_privilege, built or project(), holder, *others, *alone(), **more)


def test_flags_an_administrator():
    """
    One bad package, and the account is lost.
    """
    [finding] = judge(allow("*"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "its builds run with the role build, which may do everything" == finding.message
    assert ["AWS::CodeBuild::Project", "AWS::IAM::Role", "everything"] == [hop.type for hop in finding.path]


def test_flags_a_way_to_become_mightier():
    """
    Passing a mightier role to a function is as good as having its rights.
    """
    mighty = role("mighty", allow("*"), trust=trusting("lambda.amazonaws.com"))
    [finding] = judge(allow("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"), others=(mighty,))

    assert "which may make itself mightier" in finding.message
    assert mighty.arn == finding.path[-1].resource


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"buildBatchConfig": {"serviceRole": f"arn:aws:iam::{OWN}:role/other"}}, "its batches of builds run"),
        ({"resourceAccessRole": f"arn:aws:iam::{OWN}:role/other"}, "its logs are shown to everybody"),
    ],
)
def test_asks_its_other_roles(more, said):
    """
    That of batches, and the one that shows public builds; each role is a problem of its own.
    """
    other = role("other", allow("*"), trust=BUILDS)
    [finding] = judge(LOGS, others=(other,), built=project(**more))

    assert f"{said} with the role other" in finding.message
    assert other.arn == finding.sub_key


@pytest.mark.parametrize("statements", [[LOGS], [allow("*"), deny("iam:*", "sts:*")], [allow("s3:PutObject", "ecr:*")]])
def test_listed_rights_pass(statements):
    """
    What a build needs, and what is denied again.
    """
    assert [Status.PASS] == statuses(judge(*statements))


def test_does_not_apply_without_a_role():
    """
    A role that was deleted builds nothing.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(role_least_privilege, project(), *alone()))


def test_unlisted_roles_are_unknown():
    """
    The role may be there.
    """
    assert [Status.UNKNOWN] == statuses(run_check(role_least_privilege, project(), *alone(), unlisted=[Role]))
