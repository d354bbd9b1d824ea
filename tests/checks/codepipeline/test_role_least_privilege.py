import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.resources.organizations import ServiceControlPolicy
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codepipeline.role_least_privilege import role_least_privilege
from tests.checks.codepipeline.lines import action, pipeline, source, stage
from tests.estate import FOREIGN, OWN, allow, alone, deny, member_of, role, trusting


RUNS = trusting("codepipeline.amazonaws.com")
STARTS = allow("codebuild:StartBuild", "codebuild:BatchGetBuilds")
PASSES = allow("iam:PassRole")


def judge(*statements, others=(), judged=None, **more):
    holder = role("pipeline", *statements, trust=RUNS)
    return run_check(role_least_privilege, judged or pipeline(), holder, *others, *alone(), **more)


def test_flags_an_administrator():
    """
    Whoever changes the pipeline acts with it.
    """
    [finding] = judge(allow("*"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "the pipeline works with the role pipeline, which may do everything" == finding.message
    assert ["AWS::CodePipeline::Pipeline", "AWS::IAM::Role", "everything"] == [hop.type for hop in finding.path]
    assert finding.fix is None


def test_flags_any_role_to_any_service_and_binds_it():
    """
    The command names the services that pipelines deploy with, and keeps what else the policy says.
    """
    [finding] = judge(STARTS, allow("iam:PassRole", "s3:GetObject"))
    words = shlex.split(finding.fix)
    statements = json.loads(words[words.index("--policy-document") + 1])["Statement"]

    assert "which may pass any role to any service" in finding.message
    assert finding.fix.startswith("aws iam put-role-policy --region eu-west-1 --role-name pipeline --policy-name ")
    assert allow("s3:GetObject") in statements
    assert [Status.PASS] == statuses(judge(STARTS, *statements))


@pytest.mark.parametrize("trust", [trusting("codepipeline.amazonaws.com", "ec2.amazonaws.com")])
def test_prints_no_command_for_a_role_that_others_have_too(trust):
    """
    What they pass roles to is not known here.
    """
    [finding] = run_check(role_least_privilege, pipeline(), role("pipeline", PASSES, trust=trust), *alone())

    assert finding.fix is None


def test_prints_no_command_where_two_policies_allow_it():
    """
    To mend one of them would not do.
    """
    [finding] = judge(PASSES, allow("iam:Pass*"))

    assert finding.fix is None


def test_flags_who_can_edit_its_own_rights():
    """
    That is as good as having them.
    """
    [finding] = judge(allow("iam:PutRolePolicy"))

    assert "which may make itself mightier" in finding.message


def test_asks_the_roles_of_actions_and_rules():
    """
    Each role is a problem of its own, and one that several use is one.
    """
    arn = f"arn:aws:iam::{OWN}:role/deploy"
    rule = {"name": "quiet", "ruleTypeId": {"category": "Rule", "provider": "CloudWatchAlarm"}, "roleArn": arn}
    acting = pipeline(
        stage("Source", source()),
        stage("Deploy", *(action(n, "Deploy", "CloudFormation", roleArn=arn) for n in ("shop", "jobs"))),
    )
    ruled = pipeline(stage("Source", source()), stage("Deploy", beforeEntry={"conditions": [{"rules": [rule]}]}))
    deploy = role("deploy", allow("*"), trust=RUNS)

    [finding] = judge(STARTS, others=(deploy,), judged=acting)
    assert "its action shop in Deploy works with the role deploy" in finding.message
    [finding] = judge(STARTS, others=(deploy,), judged=ruled)
    assert "its rule quiet in Deploy is asked with the role deploy" in finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [STARTS],
        [STARTS, allow("iam:PassRole", resource=f"arn:aws:iam::{OWN}:role/task-*")],
        [
            allow("cloudformation:*", "ec2:*", "s3:*", "ecs:*", "elasticbeanstalk:*"),
            allow(
                "iam:PassRole",
                Condition={
                    "StringEqualsIfExists": {
                        "iam:PassedToService": ["cloudformation.amazonaws.com", "ecs-tasks.amazonaws.com"]
                    }
                },
            ),
        ],
        [PASSES, deny("iam:PassRole")],
    ],
)
def test_scoped_rights_pass(statements):
    """
    AWS's own policy too, which names the services, even where one of them has a mighty role.
    """
    mighty = role("mighty", allow("*"), trust=trusting("cloudformation.amazonaws.com"))

    assert [Status.PASS] == statuses(judge(*statements, others=(mighty,)))


def test_does_not_apply_to_roles_of_other_accounts():
    """
    Theirs are judged there; one that was deleted does nothing.
    """
    abroad = pipeline(role=f"arn:aws:iam::{FOREIGN}:role/pipeline")

    assert [Status.NOT_APPLICABLE] == statuses(judge(allow("*"), judged=abroad))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(role_least_privilege, pipeline(), *alone()))


def test_what_could_not_be_seen_is_unknown_or_said():
    """
    The role may be there; control policies can only take away.
    """
    [finding] = run_check(
        role_least_privilege,
        pipeline(),
        role("pipeline", allow("*"), trust=RUNS),
        *member_of("o-exampleorgid", FOREIGN),
        unlisted=[ServiceControlPolicy],
    )

    assert [Status.UNKNOWN] == statuses(run_check(role_least_privilege, pipeline(), *alone(), unlisted=[Role]))
    assert "control policies could not be read" in finding.message
