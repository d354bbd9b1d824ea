"""
How the company builds: soundly for the beacon clients, and as it grew for the explorer, the site and an old exporter.

moto knows neither webhooks nor visibility of build projects, nor how long builds may take by default, so BatchGetProjects is
completed; ListSourceCredentials is answered.
"""

from __future__ import annotations

import hashlib

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import make_role


_ORGANIZATION: Final = "https://github.com/northlight-staking"
_CONNECTION: Final = f"arn:aws:codeconnections:{HOME}:{ACCOUNT}:connection/6f1b0a4e-9c1d-4f57-8a35-2f0e7d9b4c61"
_STANDARD: Final = "aws/codebuild/standard:7.0"
_REGISTRY: Final = f"{ACCOUNT}.dkr.ecr.{HOME}.amazonaws.com"
_CACHE: Final = {"type": "S3", "location": "northlight-exports/build-cache"}


def build(company: Company) -> None:
    """Build it."""
    role = make_role(company, "builds", {"Service": "codebuild.amazonaws.com"}, _LOGS)
    company.front.amend("codebuild", "BatchGetProjects", _defaulted)
    for name, (settings, more) in _projects().items():
        company.client("codebuild").create_project(
            **{"name": name, "artifacts": {"type": "NO_ARTIFACTS"}, "serviceRole": role, **settings}
        )
        company.front.amend("codebuild", "BatchGetProjects", _completing(name, more))
    company.front.answer("codebuild", "ListSourceCredentials", _credentials)
    _pipeline(company)


_LOGS: Final = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/codebuild/*",
}


def _projects() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return the projects by name: what moto takes, and what it does not know."""
    digest = hashlib.sha256(b"builder").hexdigest()
    connected = {"auth": {"type": "CODECONNECTIONS", "resource": _CONNECTION}}
    return {
        "beacon-checks": (
            {
                "source": {**_github("beacon", "./gradlew check"), **connected},
                "environment": _environment(_STANDARD, NETWORK="holesky"),
                "cache": {**_CACHE, "cacheNamespace": "beacon-checks"},
            },
            {"webhook": _pull_requests()},
        ),
        "beacon-image": (
            {
                "source": {**_github("beacon", "docker build --tag beacon ."), **connected},
                "environment": {**_environment(f"{_REGISTRY}/ci/builder@sha256:{digest}"), "privilegedMode": True},
                "artifacts": {"type": "S3", "location": "northlight-exports", "name": "beacon"},
                "cache": {**_CACHE, "cacheNamespace": "beacon-image"},
            },
            {},
        ),
        "explorer-checks": (
            {
                "source": _github("explorer"),
                "environment": _environment(_STANDARD),
                "cache": {**_CACHE, "cacheNamespace": "explorer"},
            },
            {"webhook": _pull_requests()},
        ),
        "explorer-release": (
            {
                "source": _github("explorer"),
                "environment": _environment(f"{_REGISTRY}/ci/builder:2", NPM_TOKEN=_token("npm")),
                "cache": {**_CACHE, "cacheNamespace": "explorer"},
            },
            {},
        ),
        "site": (
            {
                "source": {**_github("site", "hugo", "aws s3 sync public s3://northlight-site"), **connected},
                "environment": {**_environment(_STANDARD), "privilegedMode": True},
                "artifacts": {
                    "type": "S3",
                    "location": "northlight-exports",
                    "name": "site",
                    "encryptionDisabled": True,
                },
            },
            {"projectVisibility": "PUBLIC_READ"},
        ),
        "tax-exporter": (
            {
                "source": {
                    "type": "GITHUB_ENTERPRISE",
                    "location": f"https://{_token('exporter')}@git.northlight.example/finance/tax-exporter.git",
                    "insecureSsl": True,
                },
                "environment": _environment(_STANDARD),
                "logsConfig": {"cloudWatchLogs": {"status": "DISABLED"}, "s3Logs": {"status": "DISABLED"}},
            },
            {},
        ),
    }


def _github(repository: str, *commands: str) -> dict[str, Any]:
    """Return a source at GitHub; the commands are a build specification in the project."""
    lines = "".join(f"      - {command}\n" for command in commands)
    inline = {"buildspec": f"version: 0.2\nphases:\n  build:\n    commands:\n{lines}"} if commands else {}
    return {"type": "GITHUB", "location": f"{_ORGANIZATION}/{repository}.git", **inline}


def _environment(image: str, **variables: str) -> dict[str, Any]:
    return {
        "type": "LINUX_CONTAINER",
        "image": image,
        "computeType": "BUILD_GENERAL1_SMALL",
        "imagePullCredentialsType": "CODEBUILD" if image == _STANDARD else "SERVICE_ROLE",
        "environmentVariables": [{"name": n, "value": v, "type": "PLAINTEXT"} for n, v in variables.items()],
    }


def _pull_requests() -> dict[str, Any]:
    """Return a webhook whose pull requests a maintainer has to approve."""
    events = "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED"
    return {
        "url": "https://api.github.com/repos/northlight-staking/hooks/1",
        "filterGroups": [[{"type": "EVENT", "pattern": events}]],
        "buildType": "BUILD",
        "status": "ACTIVE",
        "pullRequestBuildPolicy": {
            "requiresCommentApproval": "ALL_PULL_REQUESTS",
            "approverRoles": ["GITHUB_MAINTAIN"],
        },
    }


def _token(of: str) -> str:
    return f"ghp_{hashlib.sha256(of.encode()).hexdigest()[:36]}"


def _defaulted(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for project in parsed["projects"]:
        project["timeoutInMinutes"] = project["timeoutInMinutes"] or 60
        project["queuedTimeoutInMinutes"] = project["queuedTimeoutInMinutes"] or 480


def _completing(name: str, more: Mapping[str, Any]) -> Any:
    def amend(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for project in parsed["projects"]:
            if project["name"] == name:
                project.update(more)

    return amend


def _credentials(_: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Somebody's token reads GitHub for all projects that say nothing else; that of Bitbucket reads nothing any more."""
    kinds = {"GITHUB": "PERSONAL_ACCESS_TOKEN", "BITBUCKET": "BASIC_AUTH"} if region == HOME else {}
    token = f"arn:aws:codebuild:{region}:{ACCOUNT}:token"
    return {
        "sourceCredentialsInfos": [
            {"arn": f"{token}/{server.lower()}", "serverType": server, "authType": kind}
            for server, kind in kinds.items()
        ]
    }


def _pipeline(company: Company) -> None:
    """Deploy the explorer by a pipeline that hands its build a token."""
    role = make_role(company, "explorer-pipeline", {"Service": "codepipeline.amazonaws.com"}, _BUILDS)
    source = {"ConnectionArn": _CONNECTION, "FullRepositoryId": "northlight-staking/explorer", "BranchName": "main"}
    handed = f'[{{"name": "SENTRY_TOKEN", "value": "{_token("sentry")}", "type": "PLAINTEXT"}}]'
    built = {"ProjectName": "explorer-release", "EnvironmentVariables": handed}
    company.client("codepipeline").create_pipeline(
        pipeline={
            "name": "explorer",
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": "northlight-exports"},
            "pipelineType": "V2",
            "stages": [
                _stage("Source", "Source", "CodeStarSourceConnection", source, outputArtifacts=[{"name": "source"}]),
                _stage("Build", "Build", "CodeBuild", built, inputArtifacts=[{"name": "source"}]),
            ],
        }
    )


_BUILDS: Final = {
    "Effect": "Allow",
    "Action": ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
    "Resource": f"arn:aws:codebuild:{HOME}:{ACCOUNT}:project/explorer-release",
}


def _stage(
    name: str, category: str, provider: str, configuration: Mapping[str, str], **artifacts: Any
) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    action = {"name": name, "actionTypeId": kind, "configuration": dict(configuration), **artifacts}
    return {"name": name, "actions": [action]}
