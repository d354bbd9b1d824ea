import datetime
import json

import pytest

from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.codepipeline import (
    LIST,
    PIPELINE,
    STATE,
    TAGS,
    WEBHOOKS,
    Action,
    ArtifactStore,
    ConditionRule,
    Failure,
    Patterns,
    Pipeline,
    PullRequestFilter,
    PushFilter,
    StageCondition,
    Webhook,
)
from awsaudit.testing import fake
from tests.test_collect import Session, collect


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2
PLAIN = "in plain text"
ROLE = "arn:aws:iam::111122223333:role/pipeline"
ARN = "arn:aws:codepipeline:eu-west-1:111122223333:release"


def kind(category, provider, owner="AWS"):
    return {"category": category, "owner": owner, "provider": provider, "version": "1"}


RULE = {
    "name": "window",
    "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "DeploymentWindow", "version": "1"},
    "roleArn": ROLE,
    "configuration": {"Cron": PLAIN},
}
CONDITIONS = {"conditions": [{"result": "FAIL", "rules": [RULE]}]}
SOURCE = {
    "name": "app",
    "actionTypeId": kind("Source", "GitHub", "ThirdParty"),
    "configuration": {"Owner": "example", "Repo": "app", "Branch": "main", "OAuthToken": "****", "Other": PLAIN},
    "outputArtifacts": [{"name": "source"}],
}
BUILD = {
    "name": "build",
    "actionTypeId": kind("Build", "CodeBuild"),
    "runOrder": 2,
    "roleArn": ROLE,
    "region": "eu-central-1",
    "configuration": {"ProjectName": "app", "EnvironmentVariables": json.dumps([{"name": "STAGE", "value": PLAIN}])},
    "environmentVariables": [{"name": "STAGE", "value": PLAIN}],
    "inputArtifacts": [{"name": "source"}],
    "timeoutInMinutes": 60,
}
CUSTOM = {"name": "own", "actionTypeId": kind("Test", "Jenkins", "Custom"), "configuration": {"ProjectName": PLAIN}}
ANSWER = {
    "pipeline": {
        "name": "release",
        "roleArn": ROLE,
        "artifactStore": {"type": "S3", "location": "artifacts", "encryptionKey": {"id": "k-1", "type": "KMS"}},
        "stages": [
            {"name": "Source", "actions": [SOURCE]},
            {
                "name": "Build",
                "actions": [BUILD, CUSTOM],
                "beforeEntry": CONDITIONS,
                "onSuccess": CONDITIONS,
                "onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}, **CONDITIONS},
            },
        ],
    },
    "metadata": {"pipelineArn": ARN},
}


def pipeline(**changes):
    told = {**ANSWER, "pipeline": {**ANSWER["pipeline"], **changes}}
    return fake(Pipeline, {LIST: {"name": "release"}, PIPELINE: told})


def test_pipeline_is_read():
    """
    The ARN needs no call of its own; what AWS leaves out has its default.
    """
    found = pipeline()

    assert (ARN, ROLE, "V1", "SUPERSEDED") == (found.arn, found.role_arn, found.pipeline_type, found.execution_mode)
    assert ((), None, ()) == (found.triggers, found.polling_disabled_at, found.secrets)
    assert "V2" == pipeline(pipelineType="V2").pipeline_type


def test_actions_are_read():
    """
    Of configurations the keys are kept that name something, of those that AWS does not document nothing.
    """
    (source,), (build, own) = (stage.actions for stage in pipeline().stages)

    assert Action("own", "Test", "Custom", "Jenkins", "1") == own
    assert {"Owner": "example", "Repo": "app", "Branch": "main"} == source.configuration
    assert (1, 2, ("source",), ("source",)) == (source.run_order, build.run_order, source.outputs, build.inputs)
    assert (ROLE, "eu-central-1", 60) == (build.role_arn, build.region, build.timeout)
    assert ("app", None) == (build.configured("ProjectName"), build.configured("EnvironmentVariables"))


def test_conditions_are_read():
    """
    As a stage is entered, has succeeded or has failed.
    """
    asked = (StageCondition("FAIL", (ConditionRule("window", "DeploymentWindow", ROLE),)),)
    source, build = pipeline().stages

    assert (None, (), ()) == (source.on_failure, source.before_entry, source.on_success)
    assert (Failure("RETRY", "ALL_ACTIONS", asked), asked, asked) == (
        build.on_failure,
        build.before_entry,
        build.on_success,
    )


def test_commands_are_their_words():
    """
    A secret in them is a hit, whatever else they say.
    """
    shell = {"name": "run", "actionTypeId": kind("Compute", "Commands")}
    commands = ["npm test", f"curl -H 'Private: {TOKEN}' https://example.com", "terraform apply"]
    found = pipeline(stages=[{"name": "Run", "actions": [{**shell, "commands": commands}]}])

    assert (("test",), (), ("apply",)) == found.stages[0].actions[0].commands
    assert [("Run.run.commands", "github-token")] == [(hit.name, hit.detector) for hit in found.secrets]


@pytest.mark.parametrize(
    "action",
    [
        {"actionTypeId": kind("Invoke", "Lambda"), "configuration": {"UserParameters": TOKEN}},
        {"actionTypeId": kind("Test", "Jenkins", "Custom"), "configuration": {"Anything": TOKEN}},
        {"actionTypeId": kind("Build", "CodeBuild"), "environmentVariables": [{"name": "GH", "value": TOKEN}]},
    ],
)
def test_secrets_are_found_and_not_kept(action):
    """
    Nothing of the value is left in the evidence.
    """
    stages = [{"name": "Run", "actions": [{"name": "run", **action}]}]
    tree = next(tree for call, tree in trees_of(Pipeline) if call == PIPELINE)

    assert ["github-token"] == [hit.detector for hit in pipeline(stages=stages).secrets]
    assert TOKEN not in str(project(tree, {"pipeline": {**ANSWER["pipeline"], "stages": stages}}))


def test_rules_are_searched_too():
    """
    Their configuration may say what a function is called with.
    """
    rule = {**RULE, "configuration": {"UserParameters": TOKEN}}
    entered = {"conditions": [{"result": "FAIL", "rules": [rule]}]}
    found = pipeline(stages=[{"name": "Run", "actions": [], "beforeEntry": entered}])

    assert ["Run.configuration.UserParameters"] == [hit.name for hit in found.secrets]


def test_values_are_not_kept():
    """
    Neither of variables, nor of keys that name nothing, nor of rules, nor of what AWS does not document.
    """
    tree = next(tree for call, tree in trees_of(Pipeline) if call == PIPELINE)

    assert PLAIN not in str(project(tree, ANSWER))


def test_stores_are_read():
    """
    One for all, or one for each region.
    """
    several = {"us-east-1": {"type": "S3", "location": "there"}, "eu-west-1": {"type": "S3", "location": "here"}}

    assert (ArtifactStore(None, "artifacts", "S3", "k-1"),) == pipeline().stores
    assert (
        ArtifactStore("eu-west-1", "here", "S3", None),
        ArtifactStore("us-east-1", "there", "S3", None),
    ) == pipeline(artifactStore=None, artifactStores=several).stores


def test_triggers_are_read():
    """
    What is not asked for is None; a filter without events takes all of them.
    """
    git = {
        "sourceActionName": "app",
        "push": [{"tags": {"includes": ["v*"], "excludes": ["v0*"]}}, {"branches": {"includes": ["main"]}}],
        "pullRequest": [
            {"branches": {"includes": ["main"]}, "filePaths": {"excludes": ["docs/**"]}},
            {"events": ["OPEN"]},
        ],
    }
    (trigger,) = pipeline(triggers=[{"providerType": "CodeStarSourceConnection", "gitConfiguration": git}]).triggers

    assert ("CodeStarSourceConnection", "app") == (trigger.provider, trigger.source_action)
    assert (
        PushFilter(Patterns(("v*",), ("v0*",)), None, None),
        PushFilter(None, Patterns(("main",)), None),
    ) == trigger.push
    assert (
        PullRequestFilter((), Patterns(("main",)), Patterns((), ("docs/**",))),
        PullRequestFilter(("OPEN",), None, None),
    ) == trigger.pull_requests


def test_state_and_metadata_are_read():
    """
    Transitions are enabled unless AWS says otherwise.
    """
    states = [
        {"stageName": "Source"},
        {"stageName": "Build", "inboundTransitionState": {"enabled": True}},
        {"stageName": "Prod", "inboundTransitionState": {"enabled": False}},
    ]
    off = {**ANSWER, "metadata": {"pipelineArn": ARN, "pollingDisabledAt": "2026-08-01T00:00:00Z"}}
    told = {PIPELINE: off, STATE: {"stageStates": states}, TAGS: [{"key": "env", "value": "prod"}]}
    found = fake(Pipeline, {LIST: {"name": "release"}, **told})

    assert (("Prod",), {"env": "prod"}) == (found.disabled_transitions, found.tags)
    assert datetime.datetime(2026, 8, 1, tzinfo=datetime.UTC) == found.polling_disabled_at


def test_calls_chain():
    """
    Tags are asked for by the ARN that the pipeline's description has.
    """
    session = Session()
    stub = session.stub("codepipeline")
    stub.add_response("list_pipelines", {"pipelines": [{"name": "release"}]}, {})
    stub.add_response(
        "get_pipeline",
        {"pipeline": {"name": "release", "roleArn": ROLE, "stages": []}, "metadata": {"pipelineArn": ARN}},
        {"name": "release"},
    )
    stub.add_response("get_pipeline_state", {"stageStates": []}, {"name": "release"})
    stub.add_response("list_tags_for_resource", {"tags": [{"key": "env", "value": "prod"}]}, {"resourceArn": ARN})

    assert [{"env": "prod"}] == [found.tags for found in collect(session, Pipeline).every(Pipeline)]


def test_webhook_is_read():
    """
    Neither its URL nor its secret is kept.
    """
    configuration = {"SecretToken": PLAIN, "AllowedIPRange": "203.0.113.0/24"}
    definition = {
        "name": "push",
        "targetPipeline": "release",
        "targetAction": "app",
        "authentication": "IP",
        "authenticationConfiguration": configuration,
    }
    listed = {"definition": definition, "arn": f"{ARN[:-7]}webhook:push", "url": PLAIN, "errorCode": "401"}
    hook = fake(Webhook, {WEBHOOKS: listed})
    tree = next(tree for _, tree in trees_of(Webhook))

    assert ("push", "release", "app", "IP") == (
        hook.name,
        hook.target_pipeline,
        hook.target_action,
        hook.authentication,
    )
    assert ("203.0.113.0/24", "401") == (hook.allowed_ip_range, hook.error_code)
    assert PLAIN not in str(project(tree, {"webhooks": [listed]}))
