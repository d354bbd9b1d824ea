import json
import shlex

import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.iam import Role
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codecommit.default_branch_protected import default_branch_protected
from tests.estate import OWN, allow, alone, deny, document, group, managed, role, trusting, user


ARN = f"arn:aws:codecommit:eu-west-1:{OWN}:api"
REFERENCES = "codecommit:References"
MAIN = {"StringEqualsIfExists": {REFERENCES: ["refs/heads/main"]}, "Null": {REFERENCES: "false"}}
PERSON = document({"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"})


def developer(*statements, **more):
    return role("developer", *statements, trust=PERSON, **more)


def judge(repository, *holders, **more):
    return run_check(default_branch_protected, repository, *holders, *alone(), **more)


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        (allow("codecommit:*"), "codecommit:GitPush"),
        (allow("codecommit:GitPush", resource=ARN), "codecommit:GitPush"),
        (allow("codecommit:PutFile"), "codecommit:PutFile"),
        (allow("codecommit:MergeBranchesBySquash"), "codecommit:MergeBranchesBySquash"),
        (allow("codecommit:DeleteBranch"), "codecommit:DeleteBranch"),
        (
            allow("codecommit:GitPush", Condition={"StringLikeIfExists": {REFERENCES: "refs/heads/*"}}),
            "codecommit:GitPush",
        ),
        (
            allow("codecommit:GitPush", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            "codecommit:GitPush",
        ),
    ],
)
def test_flags_who_changes_the_branch_directly(sources, statement, action):
    """
    By any of the actions, also with a second factor; the path names the statement.
    """
    [finding] = judge(sources(), developer(statement))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"developer may do {action} on main without a pull request" in finding.message
    assert "the inline policy developer-0 of developer, statement 1" in finding.path[-1].by


def test_the_fix_denies_it_to_a_role_and_to_a_user(sources):
    """
    The printed policy, put on the holder, makes it pass; other branches stay open.
    """
    wide = allow("codecommit:*")
    findings = judge(sources(), developer(wide), user("alice", wide))
    commands = [shlex.split(finding.fix) for finding in findings]
    denial = json.loads(commands[0][-1])["Statement"][0]

    assert ["put-role-policy", "put-user-policy"] == [words[2] for words in commands]
    assert ["developer", "alice"] == [words[4] for words in commands]
    assert [Status.PASS] == statuses(judge(sources(), developer(wide, denial), user("alice", wide, denial)))
    assert [Status.FAIL] == statuses(judge(sources(branch="trunk"), developer(wide, denial)))


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow("codecommit:GitPull", "codecommit:CreatePullRequest", "codecommit:MergePullRequestBySquash")],
        [allow("codecommit:GitPush", resource=f"{ARN}-2")],
        [allow("codecommit:*"), deny("codecommit:*", Condition=MAIN)],
        [allow("codecommit:*"), deny("codecommit:*", Condition={"StringLike": {REFERENCES: "refs/heads/ma*"}})],
        [allow("codecommit:GitPush", Condition={"StringLikeIfExists": {REFERENCES: "refs/heads/feature/*"}})],
    ],
)
def test_pull_requests_pass(sources, statements):
    """
    Merging a pull request is the way; what is denied, for another branch or another repository, is no right.
    """
    assert [Status.PASS] == statuses(judge(sources(), developer(*statements)))


def test_rights_of_groups_count_and_boundaries_hold_back(sources):
    """
    What is effective is judged.
    """
    edge = managed(f"arn:aws:iam::{OWN}:policy/edge", allow("codecommit:Git*", "s3:*"))
    pushes = group("developers", allow("codecommit:PutFile"))

    assert [Status.FAIL] == statuses(judge(sources(), user("alice", groups=["developers"]), pushes))
    assert [Status.PASS] == statuses(
        judge(sources(), developer(allow("codecommit:PutFile"), boundary=f"arn:aws:iam::{OWN}:policy/edge"), edge)
    )


@pytest.mark.parametrize(
    "holder",
    [
        role("admin", allow("*"), trust=PERSON),
        role("build", allow("codecommit:*"), trust=trusting("codebuild.amazonaws.com")),
        role("release", allow("codecommit:*"), trust=trusting("codebuild.amazonaws.com", "codepipeline.amazonaws.com")),
        role("linked", allow("codecommit:*"), path="/aws-service-role/x.amazonaws.com/"),
    ],
)
def test_administrators_and_builds_pass(sources, holder):
    """
    Who may do everything is other checks' matter, and builds tag and release.
    """
    assert [Status.PASS] == statuses(judge(sources(), holder))


def test_a_role_of_builds_and_people_is_judged(sources):
    """
    It is no role of builds alone.
    """
    both = document(*trusting("codebuild.amazonaws.com")["Statement"], *PERSON["Statement"])

    assert [Status.FAIL] == statuses(judge(sources(), role("both", allow("codecommit:*"), trust=both)))


def test_the_configuration_names_who_may(sources):
    """
    Roles that deploy, and the option.
    """
    holder = developer(allow("codecommit:*"))

    assert [Status.PASS] == statuses(judge(sources(), holder, trust=Trust(ci_roles=("arn:aws:iam::*:role/dev*",))))
    assert [Status.PASS] == statuses(judge(sources(), holder, allowed=("arn:aws:iam::*:role/developer",)))


def test_an_empty_repository_is_not_judged(sources):
    """
    There is no branch to push to.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(sources(branch=None), developer(allow("codecommit:*"))))


def test_policies_that_cannot_be_read_are_unknown(sources):
    """
    Unless somebody is found all the same.
    """
    hidden = role("hidden", trust=PERSON, attached=[f"arn:aws:iam::{OWN}:policy/hidden"])
    tagged = developer(allow("codecommit:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "core"}}))

    assert [Status.UNKNOWN] == statuses(judge(sources(), hidden))
    assert [Status.UNKNOWN] == statuses(judge(sources(), tagged))
    assert [Status.UNKNOWN] == statuses(judge(sources(), unlisted=[Role]))
    assert [Status.FAIL] == statuses(judge(sources(), hidden, developer(allow("codecommit:*"))))
