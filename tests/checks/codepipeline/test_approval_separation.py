import json
import shlex

import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.codebuild import DETAILS, LIST, Project
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.approval_separation import approval_separation
from tests.checks.codepipeline.lines import ARN, action, approval, build, pipeline, source, stage
from tests.estate import OWN, allow, alone, deny, role, taking, trusting, user


RUNS, BUILDS = trusting("codepipeline.amazonaws.com"), trusting("codebuild.amazonaws.com")
APPROVES = allow("codepipeline:PutApprovalResult")
LINE = pipeline(stage("Source", source()), stage("Build", build()), stage("Check", approval()))


def project():
    told = {"name": "release", "serviceRole": f"arn:aws:iam::{OWN}:role/build", "source": {"type": "CODEPIPELINE"}}
    return fake(Project, {LIST: "release", DETAILS: {**told, "environment": {"image": "x", "type": "y"}}})


def judge(*others, judged=LINE, **more):
    return run_check(approval_separation, judged, project(), *others, *alone(), **more)


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (role("pipeline", APPROVES, trust=RUNS), "the pipeline works with it"),
        (role("build", APPROVES, trust=BUILDS), "its builds of release run with it"),
        (role("ci", APPROVES, trust=taking("repo:northlight/app:ref:refs/heads/main")), "builds of GitHub"),
        (user("gitlab-deployer", APPROVES), "builds sign in as it"),
    ],
)
def test_flags_machines_that_may_approve(machine, said):
    """
    The pipeline itself, its builds, and CI outside of AWS.
    """
    [finding] = judge(machine)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert said in finding.message
    assert f"{machine.name} may approve approve in Check" in finding.message
    assert [machine.arn, f"{ARN}/Check/approve"] == [hop.resource for hop in finding.path[1:]]


@pytest.mark.parametrize("make", [lambda *s: role("pipeline", *s, trust=RUNS), lambda *s: user("jenkins", *s)])
def test_the_command_takes_the_right_away(make):
    """
    From a role or a user, and nothing else.
    """
    [finding] = judge(make(APPROVES))
    words = shlex.split(finding.fix)
    [denied] = json.loads(words[words.index("--policy-document") + 1])["Statement"]

    assert make().name in words
    assert [Status.PASS] == statuses(judge(make(APPROVES, denied)))


def test_asks_the_roles_of_actions():
    """
    A deploy role of an action is one of the pipeline's.
    """
    deploy = action("stack", "Deploy", "CloudFormation", roleArn=f"arn:aws:iam::{OWN}:role/deploy")
    judged = pipeline(stage("Source", source()), stage("Check", approval()), stage("Deploy", deploy))
    [finding] = judge(role("deploy", allow("codepipeline:*"), trust=RUNS), judged=judged)

    assert "its action stack in Deploy works with it" in finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [allow("codepipeline:StartPipelineExecution")],
        [APPROVES, deny("codepipeline:PutApprovalResult")],
        [allow("codepipeline:PutApprovalResult", resource=f"{ARN}-other/*")],
        [allow("codepipeline:PutApprovalResult", resource=f"{ARN}/Check/other")],
        [allow("codepipeline:PutApprovalResult", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
    ],
)
def test_machines_that_may_not_approve_pass(statements):
    """
    Another pipeline's approvals are not this one's, and a machine has no second factor.
    """
    assert [Status.PASS] == statuses(judge(role("pipeline", *statements, trust=RUNS)))


def test_people_and_administrators_pass():
    """
    People are who ought to approve; administrators are reported by what they are.
    """
    people = role("approver", APPROVES, trust=trusting("ec2.amazonaws.com"))
    boss = role("pipeline", allow("*"), trust=RUNS)
    named = Trust(administrators=("arn:aws:iam::*:role/pipeline",))

    assert [Status.PASS] == statuses(judge(people, user("ada", APPROVES), boss))
    assert [Status.PASS] == statuses(judge(role("pipeline", APPROVES, trust=RUNS), trust=named))


def test_does_not_apply_without_an_approval():
    """
    Whether there should be one is another check's matter.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(judged=pipeline(stage("Source", source()))))


@pytest.mark.parametrize("kind", [Role, Project])
def test_unseen_machines_are_unknown(kind):
    """
    One of them may be able to approve.
    """
    judged = role("pipeline", allow("s3:GetObject"), trust=RUNS)

    assert [Status.UNKNOWN] == statuses(run_check(approval_separation, LINE, judged, *alone(), unlisted=[kind]))
