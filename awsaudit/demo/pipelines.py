"""
How releases go out: soundly for the staking API, straight from an open pull request for the portal of rewards, and now and then
for the site, the handbook and the reports, which nobody has looked at for a while.

Leaves ``connection:repositories`` in `Company.ids`: the ARN that the pipelines read GitHub by. moto knows neither states of
pipelines nor notification rules, so GetPipelineState, ListNotificationRules, DescribeNotificationRule and
CreateNotificationRule are answered; GetPipeline is completed by pollingDisabledAt.
"""

from __future__ import annotations

import datetime
import hashlib

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.front import Refusal
from awsaudit.demo.principal import make_role


_CONNECTION: Final = f"arn:aws:codeconnections:{HOME}:{ACCOUNT}:connection/6f1b0a4e-9c1d-4f57-8a35-2f0e7d9b4c61"
_ARTIFACTS: Final = "northlight-exports"
_IDLE: Final = "landing-page"
_ROLLS_BACK: Final = {"onFailure": {"result": "ROLLBACK"}}


def build(company: Company) -> None:
    """Build them."""
    company.ids["connection:repositories"] = _CONNECTION
    role = make_role(company, "release-pipelines", {"Service": "codepipeline.amazonaws.com"}, *_rights())
    for pipeline in (_staking_api(company), _rewards_portal(), _landing_page(), _ledger_reports(), _handbook()):
        whole = {"roleArn": role, "artifactStore": {"type": "S3", "location": _ARTIFACTS}, **pipeline}
        company.client("codepipeline").create_pipeline(pipeline=whole)
    company.front.answer("codepipeline", "GetPipelineState", _state(company))
    company.front.amend("codepipeline", "GetPipeline", _idle(company))
    _notifications(company)


def _rights() -> tuple[Mapping[str, Any], ...]:
    actions = {
        f"arn:aws:s3:::{_ARTIFACTS}/*": ["s3:GetObject", "s3:PutObject"],
        _CONNECTION: "codestar-connections:UseConnection",
        f"arn:aws:codebuild:{HOME}:{ACCOUNT}:project/staking-api-*": [
            "codebuild:StartBuild",
            "codebuild:BatchGetBuilds",
        ],
        f"arn:aws:ecs:{HOME}:{ACCOUNT}:service/staking/*": ["ecs:DescribeServices", "ecs:UpdateService"],
    }
    return tuple({"Effect": "Allow", "Action": action, "Resource": on} for on, action in actions.items())


def _staking_api(company: Company) -> dict[str, Any]:
    """Build, test, try out, ask somebody, and go back by itself where it fails."""
    asks = {"NotificationArn": company.ids["topic:oncall"]}
    main = {"sourceActionName": "Source", "push": [{"branches": {"includes": ["main"]}}]}
    return {
        "name": "staking-api",
        "pipelineType": "V2",
        "triggers": [{"providerType": "CodeStarSourceConnection", "gitConfiguration": main}],
        "stages": [
            _stage("Source", _repository("staking-api", "main")),
            _stage("Build", _action("Build", "Build", "CodeBuild", ProjectName="staking-api-build")),
            _stage("Test", _action("Test", "Test", "CodeBuild", ProjectName="staking-api-test")),
            _stage("Staging", _service("staking-api-staging"), **_ROLLS_BACK),
            _stage("Approve", _action("Approve", "Approval", "Manual", **asks)),
            _stage("Production", _service("staking-api-production"), **_ROLLS_BACK),
        ],
    }


def _rewards_portal() -> dict[str, Any]:
    """Any pull request goes to production, built or not, and nobody hears of it."""
    pulls = {"sourceActionName": "Source", "pullRequest": [{"events": ["OPEN", "UPDATED"]}]}
    commands = _action("Bundle", "Compute", "Commands")
    return {
        "name": "rewards-portal",
        "pipelineType": "V2",
        "triggers": [{"providerType": "CodeStarSourceConnection", "gitConfiguration": pulls}],
        "stages": [
            _stage("Source", _repository("rewards-portal", "develop")),
            _stage("Build", {**commands, "commands": ["npm ci", "npm run bundle"]}, onFailure={"result": "SKIP"}),
            _stage("Production", _service("rewards-portal")),
        ],
    }


def _landing_page() -> dict[str, Any]:
    """It takes what is in a bucket without versions, asks into the void, and AWS has ceased to look for changes."""
    return {
        "name": _IDLE,
        "pipelineType": "V1",
        "stages": [
            _stage("Source", _object(_ARTIFACTS, "site.zip")),
            _stage("Approve", _action("Approve", "Approval", "Manual")),
            _stage("Publish", _action("Publish", "Deploy", "S3", BucketName="northlight-site", Extract="true")),
        ],
    }


def _ledger_reports() -> dict[str, Any]:
    """The reports of the ledger, from a bucket that keeps versions."""
    return {
        "name": "ledger-reports",
        "pipelineType": "V1",
        "stages": [
            _stage("Source", _object("northlight-ledger", "reports.zip")),
            _stage("Publish", _action("Publish", "Deploy", "S3", BucketName=_ARTIFACTS, Extract="true")),
        ],
    }


def _handbook() -> dict[str, Any]:
    """The pages of the handbook as they are in the repository."""
    source = _action("Source", "Source", "CodeCommit", RepositoryName="handbook", BranchName="main")
    return {
        "name": "handbook",
        "pipelineType": "V2",
        "stages": [
            _stage("Source", source),
            _stage("Publish", _action("Publish", "Deploy", "S3", BucketName="northlight-handbook", Extract="true")),
        ],
    }


def _repository(name: str, branch: str) -> dict[str, Any]:
    where = {"ConnectionArn": _CONNECTION, "FullRepositoryId": f"northlight-staking/{name}", "BranchName": branch}
    return _action("Source", "Source", "CodeStarSourceConnection", **where)


def _object(bucket: str, key: str) -> dict[str, Any]:
    return _action("Source", "Source", "S3", S3Bucket=bucket, S3ObjectKey=key)


def _service(name: str) -> dict[str, Any]:
    return _action("Deploy", "Deploy", "ECS", ClusterName="staking", ServiceName=name)


def _action(name: str, category: str, provider: str, **configuration: str) -> dict[str, Any]:
    artifacts = {"Source": {"outputArtifacts": [{"name": "source"}]}, "Approval": {}}
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    taken = artifacts.get(category, {"inputArtifacts": [{"name": "source"}]})

    return {"name": name, "actionTypeId": kind, "configuration": configuration, **taken}


def _stage(name: str, *actions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "actions": list(actions), **more}


def _state(company: Company) -> Any:
    def answer(params: Mapping[str, Any], region: str) -> dict[str, Any]:
        stages = company.client("codepipeline", region).get_pipeline(name=params["name"])["pipeline"]["stages"]
        entered = [{"stageName": s["name"], "inboundTransitionState": {"enabled": True}} for s in stages]
        return {"pipelineName": params["name"], "stageStates": entered}

    return answer


def _idle(company: Company) -> Any:
    since = company.today - datetime.timedelta(days=70)

    def amend(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        if params["name"] == _IDLE:
            parsed["metadata"]["pollingDisabledAt"] = since

    return amend


def _notifications(company: Company) -> None:
    """Tell the on-call of failed runs of the staking API."""
    rules: dict[str, dict[str, Any]] = {}

    def create(params: Mapping[str, Any], region: str) -> dict[str, Any]:
        id_ = hashlib.sha256(params["Name"].encode()).hexdigest()[:40]
        arn = f"arn:aws:codestar-notifications:{region}:{ACCOUNT}:notificationrule/{id_}"
        kinds = [{"EventTypeId": kind} for kind in params["EventTypeIds"]]
        targets = [{**target, "TargetStatus": "ACTIVE"} for target in params["Targets"]]
        told = {key: params[key] for key in ("Name", "Resource", "DetailType")}
        status = params.get("Status", "ENABLED")
        rules[arn] = {**told, "Arn": arn, "EventTypes": kinds, "Targets": targets, "Status": status}
        return {"Arn": arn}

    def listed(_: Mapping[str, Any], region: str) -> dict[str, Any]:
        found = [{"Id": arn.rpartition("/")[2], "Arn": arn} for arn in rules if arn.split(":")[3] == region]
        return {"NotificationRules": found}

    def describe(params: Mapping[str, Any], _: str) -> dict[str, Any]:
        if params["Arn"] not in rules:
            raise Refusal("ResourceNotFoundException")
        return rules[params["Arn"]]

    company.front.answer("codestar-notifications", "CreateNotificationRule", create)
    company.front.answer("codestar-notifications", "ListNotificationRules", listed)
    company.front.answer("codestar-notifications", "DescribeNotificationRule", describe)
    company.client("codestar-notifications").create_notification_rule(
        Name="staking-api-failed",
        Resource=f"arn:aws:codepipeline:{HOME}:{ACCOUNT}:staking-api",
        EventTypeIds=["codepipeline-pipeline-pipeline-execution-failed"],
        DetailType="FULL",
        Targets=[{"TargetType": "SNS", "TargetAddress": company.ids["topic:oncall"]}],
    )
