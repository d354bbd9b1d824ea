import json
import re
import shlex

import jmespath
import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.manual_approval import manual_approval
from tests.checks.codepipeline.lines import action, approval, build, source, stage
from tests.checks.codepipeline.runs import APPROVE, BUILD, SOURCE, condition, deploy, run


def test_flags_a_deployment_that_nobody_approves():
    """
    The path draws all stages, in order, and breaks at the one that is entered unasked.
    """
    (finding,) = run_check(manual_approval, run(SOURCE, BUILD, deploy("Prod")))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "deploy in Prod deploys to production, and nobody approves before" == finding.message
    assert [
        ("Source", "Source: CodeCommit app@main", True),
        ("Build", "Build: CodeBuild app-build", True),
        ("Prod", "Deploy: CloudFormation app; nobody approves before", False),
    ] == [(hop.resource, hop.by, hop.holds) for hop in finding.path]
    assert {"AWS::CodePipeline::Stage"} == {hop.type for hop in finding.path}


def test_command_puts_an_approval_before_the_stage():
    """
    What the command's expression makes of the pipeline passes, and has everything else as it was.
    """
    stages = [SOURCE, BUILD, stage("Approve-Prod", build()), deploy("Prod"), deploy("Done", action_name="dev")]
    (finding,) = run_check(manual_approval, run(*stages))
    words = shlex.split(re.sub(r"\$\((.*?)\) &&", r"\1 &&", finding.fix))
    whole = {"name": "release", "stages": stages, "pipelineType": "V2"}
    mended = jmespath.search(words[words.index("--query") + 1], {"pipeline": whole, "metadata": {}})

    assert [*stages[:3], *stages[3:]] == [s for s in mended["stages"] if s["name"] != "Approve-Prod-2"]
    assert "Approve-Prod-2" == mended["stages"][3]["name"]
    assert {key: value for key, value in whole.items() if key != "stages"}.items() <= mended.items()
    assert [Status.PASS] == statuses(run_check(manual_approval, run(*json.loads(json.dumps(mended["stages"])))))


def test_gives_no_command_where_it_would_lose_a_token():
    """
    AWS masks the tokens of GitHub as it tells them: put again they are gone.
    """
    github = stage("Source", source("GitHub", "ThirdParty", Owner="example", Repo="app", Branch="main"))
    (finding,) = run_check(manual_approval, run(github, deploy("Prod")))

    assert finding.fix is None


@pytest.mark.parametrize(
    "stages",
    [
        [SOURCE, APPROVE, deploy("Prod")],
        [SOURCE, deploy("Prod", approval())],
        [SOURCE, APPROVE, BUILD, deploy("Prod")],
        [SOURCE, deploy("Prod", approval(), action_name="terraform")],
    ],
)
def test_accepts_an_approval_before(stages):
    """
    In any stage before, or of smaller run order in the same one.
    """
    assert [Status.PASS] == statuses(run_check(manual_approval, run(*stages)))


def test_approval_beside_the_deployment_is_none():
    """
    Actions of one run order run side by side.
    """
    beside = stage("Prod", approval(), action("deploy", "Deploy", "S3"))

    assert [Status.FAIL] == statuses(run_check(manual_approval, run(SOURCE, beside)))


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (
            run(SOURCE, deploy("Prod", beforeEntry=condition())),
            "Prod is entered on DeploymentWindow, and nobody approves",
        ),
        (run(SOURCE, deploy("Prod"), shut=["Prod"]), "Prod is not entered: somebody disabled the transition"),
        (run(SOURCE, BUILD, deploy("Prod"), shut=["Build"]), "Prod is not entered: somebody disabled the transition"),
    ],
)
def test_accepts_other_gates_and_says_so(line, note):
    """
    Entry conditions and disabled transitions are gates; nobody opens them on purpose for one release.
    """
    (finding,) = run_check(manual_approval, line)

    assert Status.PASS == finding.status
    assert finding.notes[0].startswith(note)


@pytest.mark.parametrize(
    "last",
    [
        stage("Prod-Deploy", build("anything")),
        stage("Release", build("app-prod", name="push")),
        stage("Terraform", build("apply-production", name="run")),
        stage("Prod", action("terraform-apply", "Compute", "Commands")),
        stage("Deploy", action("start", "Invoke", "CodePipeline", configuration={"PipelineName": "production"})),
        stage("Deploy", action("go", "Deploy", "S3", roleArn="arn:aws:iam::444455556666:role/prod-deploy")),
    ],
)
def test_names_tell_what_deploys_to_production(last):
    """
    Terraform and CDK run in builds and commands: their names, their stage's and those of what they deploy to tell.
    """
    assert [Status.FAIL] == statuses(run_check(manual_approval, run(SOURCE, last)))


@pytest.mark.parametrize(
    "last",
    [
        deploy("Staging"),
        deploy("Deploy", stack="app-nonprod"),
        deploy("PreProd"),
        stage("Prod", action("plan", "Compute", "Commands")),
        stage("Deploy-Prod", build("smoke", name="SmokeTest")),
        stage("Release-Prod", build("app")),
        stage("Prod", action("set", "Deploy", "CloudFormation", configuration={"ActionMode": "CHANGE_SET_REPLACE"})),
        stage("Prod", action("inspect", "Invoke", "InspectorScan")),
    ],
)
def test_does_not_apply_without_production(last):
    """
    What goes elsewhere, or changes nothing, waits for nobody; a change set is made before it is approved.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(manual_approval, run(SOURCE, last)))


def test_tags_and_configuration_tell_production():
    """
    A production pipeline's stages are production unless they are called otherwise; the user may say what production is.
    """
    line, staged = run(SOURCE, deploy("Deploy"), tags={"env": "prod"}), run(SOURCE, deploy("QA"), tags={"env": "prod"})
    live = Trust(production=("name=live*",))

    assert [Status.FAIL] == statuses(run_check(manual_approval, line))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(manual_approval, staged))
    assert [Status.FAIL] == statuses(run_check(manual_approval, run(SOURCE, deploy("live-eu")), trust=live))


@pytest.mark.parametrize(
    "line",
    [
        fake(Pipeline),
        run(SOURCE, deploy("Deploy"), told=False),
        run(SOURCE, deploy("Prod"), shut=None),
    ],
)
def test_does_not_know_what_was_refused(line):
    """
    Neither the stages, nor tags that would tell production, nor a transition that might be disabled.
    """
    assert [Status.UNKNOWN] == statuses(run_check(manual_approval, line))
