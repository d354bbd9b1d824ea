"""Pipelines with tags and states, and who is told of them."""

import json

from awsaudit.resources.codepipeline import LIST, PIPELINE, STATE, TAGS, Pipeline
from awsaudit.resources.codestar_notifications import RULE, RULES, NotificationRule
from awsaudit.resources.events import BUSES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.events import RULES as EVENT_RULES
from awsaudit.testing import fake
from tests.checks.codepipeline.lines import ARN, ROLE, action, approval, build, source, stage
from tests.estate import OWN


TOPIC = f"arn:aws:sns:eu-west-1:{OWN}:oncall"
SOURCE = stage("Source", source(RepositoryName="app", BranchName="main"))
BUILD = stage("Build", build("app-build"))
TEST = stage("Verify", action("unit", "Test", "CodeBuild"))
APPROVE = stage("Approve", approval())


def deploy(name="Prod", *before, action_name="deploy", stack="app", **more):
    """Return a stage that deploys a stack, after the actions *before*."""
    deployed = action(action_name, "Deploy", "CloudFormation", configuration={"StackName": stack}, runOrder=2)
    return stage(name, *before, deployed, **more)


def condition(result="FAIL", provider="DeploymentWindow"):
    """Return conditions of a stage with one rule."""
    kind = {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"}
    return {"conditions": [{"result": result, "rules": [{"name": "ask", "ruleTypeId": kind}]}]}


def run(*stages, tags=(), shut=(), metadata=None, told=True, **more):
    """Return a pipeline of type V2 with *stages*: *shut* are those that nothing enters; nothing of tags if not *told*."""
    whole = {"name": "release", "roleArn": ROLE, "pipelineType": "V2", "stages": list(stages), **more}
    states = [
        {"stageName": s["name"], "inboundTransitionState": {"enabled": s["name"] not in (shut or ())}} for s in stages
    ]
    labels = {TAGS: [{"key": key, "value": value} for key, value in dict(tags).items()]} if told else {}
    answer = {"pipeline": whole, "metadata": {"pipelineArn": ARN, **(metadata or {})}}
    state = {} if shut is None else {STATE: {"stageStates": states}}

    return fake(Pipeline, {LIST: {"name": "release"}, PIPELINE: answer, **state, **labels})


def told_by(*event_types, status="ENABLED", target="ACTIVE", resource=ARN):
    """Return a notification rule that tells the topic `TOPIC`."""
    arn = f"arn:aws:codestar-notifications:eu-west-1:{OWN}:notificationrule/{len(event_types)}{status}{target}"
    rule = {
        "Arn": arn,
        "Name": "release",
        "Resource": resource,
        "Status": status,
        "EventTypes": [{"EventTypeId": kind} for kind in event_types],
        "Targets": [{"TargetType": "SNS", "TargetAddress": TOPIC, "TargetStatus": target}] if target else [],
    }
    return fake(NotificationRule, {RULES: {"Arn": arn}, RULE: rule})


def handed_on(pattern, *, bus="default", state="ENABLED", targets=1):
    """Return a rule with *pattern* and its targets."""
    where = f"arn:aws:events:eu-west-1:{OWN}"
    above = fake(EventBus, {BUSES: {"Name": bus, "Arn": f"{where}:event-bus/{bus}"}})
    listed = {"Name": "failed", "Arn": f"{where}:rule/failed", "EventBusName": bus, "State": state}
    rule = fake(Rule, {EVENT_RULES: {**listed, "EventPattern": json.dumps(pattern)}}, parent=above)
    sent = [fake(Target, {TARGETS: {"Id": f"t{n}", "Arn": TOPIC}}, parent=rule) for n in range(targets)]

    return (rule, *sent)
