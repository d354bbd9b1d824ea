"""Build projects for tests."""

from awsaudit.resources.codebuild import CREDENTIALS, DETAILS, LIST, Project, SourceCredential
from awsaudit.testing import fake


GITHUB = {"type": "GITHUB", "location": "https://github.com/northlight-staking/beacon.git"}
ENVIRONMENT = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
PULL_REQUESTS = {"filterGroups": [[{"type": "EVENT", "pattern": "PUSH, PULL_REQUEST_CREATED"}]], "status": "ACTIVE"}
PUSHES = {"filterGroups": [[{"type": "EVENT", "pattern": "PUSH"}]], "status": "ACTIVE"}


def project(name="release", region="eu-west-1", **fields):
    """Return a project of GitHub; fields are AWS's."""
    answer = {"name": name, "source": GITHUB, "artifacts": {"type": "NO_ARTIFACTS"}, "environment": ENVIRONMENT}
    return fake(Project, {LIST: name, DETAILS: {**answer, **fields}}, region=region)


def running(**fields):
    """Return a project with a changed environment."""
    return project(environment={**ENVIRONMENT, **fields})


def reading(*secondary, **fields):
    """Return a project with a changed source, and other sources."""
    return project(source={**GITHUB, **fields}, secondarySources=list(secondary))


def credential(auth_type, server_type="GITHUB"):
    """Return a credential of the account for a provider."""
    arn = f"arn:aws:codebuild:eu-west-1:111122223333:token/{server_type.lower()}"
    return fake(SourceCredential, {CREDENTIALS: {"arn": arn, "serverType": server_type, "authType": auth_type}})
