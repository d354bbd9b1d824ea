"""Pipelines, connections and webhooks, for tests of who gets in and with which rights."""

from awsaudit.resources.codeconnections import CONNECTIONS, Connection
from awsaudit.resources.codepipeline import LIST, PIPELINE, WEBHOOKS, Pipeline, Webhook
from awsaudit.testing import fake
from tests.estate import OWN


ROLE = f"arn:aws:iam::{OWN}:role/pipeline"
ARN = f"arn:aws:codepipeline:eu-west-1:{OWN}:release"
CONNECTION = f"arn:aws:codeconnections:eu-west-1:{OWN}:connection/0f1e2d3c-0000-1111-2222-333344445555"


def action(name, category, provider, owner="AWS", configuration=None, **more):
    """Return an action as AWS has it."""
    kind = {"category": category, "owner": owner, "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "configuration": configuration or {}, **more}


def source(provider="CodeCommit", owner="AWS", name="app", **configuration):
    """Return a source action; the rest is its configuration."""
    return action(name, "Source", provider, owner, configuration)


def build(project="release", name="build", **more):
    """Return an action of CodeBuild."""
    return action(name, "Build", "CodeBuild", configuration={"ProjectName": project}, **more)


def approval(name="approve"):
    """Return a manual approval."""
    return action(name, "Approval", "Manual")


def stage(name, *actions, **more):
    """Return a stage."""
    return {"name": name, "actions": list(actions), **more}


def pipeline(*stages, name="release", role=ROLE, store=None, **more):
    """Return a pipeline with the role `ROLE`, and an artifact store without a key unless *store* is one."""
    whole = {
        "name": name,
        "roleArn": role,
        "stages": list(stages) or [stage("Source", source(RepositoryName="app", BranchName="main"))],
        **({} if "artifactStores" in more else {"artifactStore": store or {"type": "S3", "location": "artifacts"}}),
        **more,
    }
    return fake(Pipeline, {LIST: {"name": name}, PIPELINE: {"pipeline": whole, "metadata": {"pipelineArn": ARN}}})


def connection(status="AVAILABLE", arn=CONNECTION, **more):
    """Return a connection."""
    told = {"ConnectionArn": arn, "ConnectionName": "forge", "ConnectionStatus": status, "ProviderType": "GitHub"}
    return fake(Connection, {CONNECTIONS: {**told, **more}})


def webhook(authentication="GITHUB_HMAC", network=None, pipeline="release", action="app", **more):
    """Return a webhook."""
    definition = {
        "name": "push",
        "targetPipeline": pipeline,
        "targetAction": action,
        "filters": [{"jsonPath": "$.ref"}],
        "authentication": authentication,
        "authenticationConfiguration": {"AllowedIPRange": network} if network else {"SecretToken": "****"},
    }
    arn = f"arn:aws:codepipeline:eu-west-1:{OWN}:webhook:push"
    return fake(Webhook, {WEBHOOKS: {"arn": arn, "url": "https://x.example", "definition": definition, **more}})
