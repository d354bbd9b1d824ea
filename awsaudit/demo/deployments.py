"""
How software goes out, and where it is kept: deployments, repositories of source, repositories of packages.

Withdrawals go out in steps, with alarms; the explorer all at once, and its edge servers somewhere between. The configuration
of the validators is reviewed, the contracts are not, and an auditor's account still hears of every push. moto lists neither
repositories of CodeCommit nor anything of CodeArtifact, knows no alarms, revisions and configurations of CodeDeploy and no
deployment configuration of ECS: these are answered, and DescribeServices is completed.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import make_role


Params = Mapping[str, Any]
Answer = Mapping[str, Any]

AUDITOR: Final = "777788889999"
_OWN_PACE: Final = "half-of-the-edge"
_ALARM: Final = "withdrawals-errors"
_DEPLOYED: Final = f"arn:aws:iam::{ACCOUNT}:role/northlight-codedeploy"


def build(company: Company) -> None:
    """Build it."""
    _alarm(company)
    _developers(company)
    company.front.amend("ecs", "DescribeServices", _circuit_breakers)
    for (service, operation), answerer in _ANSWERS.items():
        company.front.answer(service, operation, answerer)


def _alarm(company: Company) -> None:
    company.client("cloudwatch").put_metric_alarm(
        AlarmName=_ALARM,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": "withdrawals"}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[company.ids["topic:oncall"]],
    )


# Deployments

_ROLLS_BACK: Final = {"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]}
_GROUPS: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "withdrawals": {
        "withdrawals-production": {
            "computePlatform": "Lambda",
            "deploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
            "autoRollbackConfiguration": _ROLLS_BACK,
            "alarmConfiguration": {"enabled": True, "ignorePollAlarmFailure": False, "alarms": [{"name": _ALARM}]},
            "targetRevision": {"revisionType": "AppSpecContent"},
        }
    },
    "explorer": {
        "explorer-production": {
            "computePlatform": "ECS",
            "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
            "autoRollbackConfiguration": {"enabled": False, "events": []},
            "alarmConfiguration": {"enabled": False, "alarms": [{"name": _ALARM}]},
            "targetRevision": {
                "revisionType": "S3",
                "s3Location": {"bucket": "northlight-exports", "key": "explorer/appspec.yaml", "bundleType": "YAML"},
            },
        }
    },
    "edge": {
        "edge-production": {
            "computePlatform": "Server",
            "deploymentConfigName": _OWN_PACE,
            "ec2TagFilters": [{"Key": "role", "Value": "edge", "Type": "KEY_AND_VALUE"}],
            "autoRollbackConfiguration": _ROLLS_BACK,
            "alarmConfiguration": {"enabled": True, "ignorePollAlarmFailure": True, "alarms": [{"name": _ALARM}]},
            "targetRevision": {
                "revisionType": "GitHub",
                "gitHubLocation": {
                    "repository": "northlight-staking/edge",
                    "commitId": "3f1c9a7be2d04856b1a97c3e5d60f82a4b9c1d7e",
                },
            },
        }
    },
}


def _applications(_: Params, region: str) -> Answer:
    return {"applications": list(_GROUPS) if region == HOME else []}


def _groups(params: Params, _: str) -> Answer:
    return {"deploymentGroups": list(_GROUPS[params["applicationName"]])}


def _group_details(params: Params, _: str) -> Answer:
    application = params["applicationName"]
    found = [(name, _GROUPS[application][name]) for name in params["deploymentGroupNames"]]
    return {
        "deploymentGroupsInfo": [
            {"applicationName": application, "deploymentGroupName": name, "serviceRoleArn": _DEPLOYED, **group}
            for name, group in found
        ]
    }


def _configuration(params: Params, _: str) -> Answer:
    half = {"type": "FLEET_PERCENT", "value": 50}
    name = params["deploymentConfigName"]
    return {
        "deploymentConfigInfo": {"deploymentConfigName": name, "computePlatform": "Server", "minimumHealthyHosts": half}
    }


def _circuit_breakers(parsed: dict[str, Any], _: Params, __: str) -> None:
    """The relay's service goes back to the last release that worked; others were made before anybody thought of that."""
    for service in parsed["services"]:
        careful = service["serviceName"] == "relay"
        service["deploymentConfiguration"] = {
            "deploymentCircuitBreaker": {"enable": careful, "rollback": careful},
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
            "strategy": "ROLLING",
        }


# Source

_REVIEWED: Final = "two-eyes"
_BRANCHES: Final = {"validator-config": "main", "contracts": "main", "scratch": None}


def _developers(company: Company) -> None:
    """Who writes the contracts may push them, too."""
    pushes = {
        "Effect": "Allow",
        "Action": ["codecommit:GitPull", "codecommit:GitPush", "codecommit:CreatePullRequest"],
        "Resource": f"arn:aws:codecommit:{HOME}:{ACCOUNT}:contracts",
    }
    make_role(company, "contract-developers", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, pushes)


def _sources(_: Params, region: str) -> Answer:
    named = [{"repositoryName": name, "repositoryId": f"id-{name}"} for name in _BRANCHES]
    return {"repositories": named if region == HOME else []}


def _source_details(params: Params, _: str) -> Answer:
    asked = {name: _BRANCHES[name] for name in params["repositoryNames"]}
    return {
        "repositories": [
            {"repositoryName": name, **({"defaultBranch": branch} if branch else {})} for name, branch in asked.items()
        ]
    }


def _triggers(params: Params, _: str) -> Answer:
    told = {"validator-config": (ACCOUNT, "oncall"), "contracts": (AUDITOR, "northlight-pushes")}
    if params["repositoryName"] not in told:
        return {"triggers": []}
    account, topic = told[params["repositoryName"]]
    arn = f"arn:aws:sns:{HOME}:{account}:{topic}"

    return {"triggers": [{"name": topic, "destinationArn": arn, "branches": [], "events": ["all"]}]}


def _templates(params: Params, _: str) -> Answer:
    return {"approvalRuleTemplateNames": [_REVIEWED] if params["repositoryName"] == "validator-config" else []}


def _template(params: Params, _: str) -> Answer:
    content = {
        "Version": "2018-11-08",
        "DestinationReferences": ["refs/heads/main"],
        "Statements": [{"Type": "Approvers", "NumberOfApprovalsNeeded": 1}],
    }
    name = params["approvalRuleTemplateName"]
    return {
        "approvalRuleTemplate": {"approvalRuleTemplateName": name, "approvalRuleTemplateContent": json.dumps(content)}
    }


# Packages

_DOMAIN: Final = "northlight"
_NPM: Final = {"externalConnectionName": "public:npmjs", "packageFormat": "npm", "status": "Available"}
_PUBLIC: Final = {"externalConnections": [_NPM], "upstreams": []}
_BEHIND: Final = {"externalConnections": [], "upstreams": [{"repositoryName": "public"}]}
_STORES: Final = {"public": _PUBLIC, "packages": _BEHIND, "tools": _BEHIND}
# What may come from both sides: from the years before CodeArtifact closed one of them by itself.
_UI: Final = {"format": "npm", "namespace": "northlight", "package": "ui"}
_PAD: Final = {"format": "npm", "package": "left-pad"}
_OPEN: Final = {"packages": [_UI], "tools": [_PAD]}


def _stores(_: Params, region: str) -> Answer:
    arn = f"arn:aws:codeartifact:{HOME}:{ACCOUNT}:repository/{_DOMAIN}/"
    found = [{"name": name, "domainName": _DOMAIN, "domainOwner": ACCOUNT, "arn": f"{arn}{name}"} for name in _STORES]
    return {"repositories": found if region == HOME else []}


def _store(params: Params, _: str) -> Answer:
    return {"repository": {"name": params["repository"], **_STORES[params["repository"]]}}


def _packages(params: Params, _: str) -> Answer:
    both = params.get("publish") == params.get("upstream") == "ALLOW"
    return {"packages": _OPEN.get(params["repository"], []) if both else []}


def _versions(params: Params, _: str) -> Answer:
    own = params["package"] == _UI["package"]
    entry = {"repositoryName": "packages"} if own else {"externalConnectionName": "public:npmjs"}
    origin = {"originType": "INTERNAL" if own else "EXTERNAL", "domainEntryPoint": entry}
    return {"versions": [{"version": "1.3.0", "status": "Published", "origin": origin}]}


def _package_group(_: Params, __: str) -> Answer:
    kinds = ("PUBLISH", "EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM")
    modes = {kind: {"mode": "ALLOW", "effectiveMode": "ALLOW"} for kind in kinds}
    whole = {"pattern": "/*", "originConfiguration": {"restrictions": modes}}
    return {"packageGroup": whole, "associationType": "STRONG"}


_ANSWERS: Final = {
    ("codedeploy", "ListApplications"): _applications,
    ("codedeploy", "ListDeploymentGroups"): _groups,
    ("codedeploy", "BatchGetDeploymentGroups"): _group_details,
    ("codedeploy", "GetDeploymentConfig"): _configuration,
    ("codecommit", "ListRepositories"): _sources,
    ("codecommit", "BatchGetRepositories"): _source_details,
    ("codecommit", "GetRepositoryTriggers"): _triggers,
    ("codecommit", "ListAssociatedApprovalRuleTemplatesForRepository"): _templates,
    ("codecommit", "GetApprovalRuleTemplate"): _template,
    ("codeartifact", "ListRepositories"): _stores,
    ("codeartifact", "DescribeRepository"): _store,
    ("codeartifact", "ListPackages"): _packages,
    ("codeartifact", "ListPackageVersions"): _versions,
    ("codeartifact", "GetAssociatedPackageGroup"): _package_group,
}
