"""
Who starts builds, and what these may do.

What checks the contracts asks before it builds pull requests; what makes previews of the site does not, and its role reads a
key and ships images. Runners of one repository are named, those of the organization are not. moto knows neither webhooks nor
policies of build projects: BatchGetProjects is completed, GetResourcePolicy is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.front import Refusal
from awsaudit.demo.principal import document, make_role


_BUILDS: Final = {"Service": "codebuild.amazonaws.com"}
_ORGANIZATION: Final = "northlight-staking"
_ANYWHERE: Final = "CODEBUILD_DEFAULT_WEBHOOK_SOURCE_LOCATION"
_STRANGER: Final = "777788889999"
_MAINTAINER: Final = "1048576"
_LOGS: Final = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/codebuild/*",
}
_PROPOSED: Final = {"type": "EVENT", "pattern": "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED"}
_PUSHED: Final = {"type": "EVENT", "pattern": "PUSH"}
_QUEUED: Final = {"type": "EVENT", "pattern": "WORKFLOW_JOB_QUEUED"}
_ORGANIZED: Final = {"scope": "GITHUB_ORGANIZATION", "name": _ORGANIZATION}
_KEY: Final = "/site/preview-key"


def _filter(kind: str, pattern: str) -> dict[str, str]:
    return {"type": kind, "pattern": pattern}


def _hook(*filters: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"filterGroups": [list(filters)], "status": "ACTIVE", "buildType": "BUILD", **more}


_APPROVED: Final = {
    "requiresCommentApproval": "ALL_PULL_REQUESTS",
    "approverRoles": ["GITHUB_MAINTAIN", "GITHUB_ADMIN"],
}
# The project, its repository, its role, and what starts its builds.
_PROJECTS: Final[tuple[tuple[str, str, str, Mapping[str, Any]], ...]] = (
    (
        "contracts-checks",
        "contracts",
        "contracts-checks",
        _hook(
            _PROPOSED,
            _filter("ACTOR_ACCOUNT_ID", f"^{_MAINTAINER}$"),
            _filter("BASE_REF", "^refs/heads/main$"),
            pullRequestBuildPolicy=_APPROVED,
        ),
    ),
    ("docs-checks", "docs", "contracts-checks", _hook(_PROPOSED)),
    ("site-previews", "site", "site-previews", _hook(_PROPOSED)),
    (
        "site-deploy",
        "site",
        "site-deploy",
        _hook(_PUSHED, _filter("ACTOR_ACCOUNT_ID", _MAINTAINER), _filter("HEAD_REF", "refs/heads/main$")),
    ),
    ("runners", _ANYWHERE, "contracts-checks", _hook(_QUEUED, scopeConfiguration=_ORGANIZED)),
    (
        "runners-contracts",
        _ANYWHERE,
        "contracts-checks",
        _hook(_QUEUED, _filter("REPOSITORY_NAME", "^contracts$"), scopeConfiguration=_ORGANIZED),
    ),
)


def build(company: Company) -> None:
    """Build it."""
    company.client("ssm").put_parameter(Name=_KEY, Type="SecureString", Value="made up for the example")
    own = f"arn:aws:ssm:{HOME}:{ACCOUNT}:parameter{_KEY}"
    reads = {"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": own}
    reads_one = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": own}
    ships = {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": f"arn:aws:ecr:{HOME}:{ACCOUNT}:repository/*"}
    # It once made its own role, and still may.
    grants = {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": f"arn:aws:iam::{ACCOUNT}:role/site-*"}
    roles = {
        "contracts-checks": make_role(company, "contracts-checks", _BUILDS, _LOGS),
        "site-previews": make_role(company, "site-previews", _BUILDS, _LOGS, reads, reads_one, ships),
        "site-deploy": make_role(company, "site-deploy", _BUILDS, _LOGS, grants),
    }
    hooks = {}
    for name, repository, role, hook in _PROJECTS:
        _project(company, name, repository, roles[role])
        hooks[name] = hook
    company.front.amend("codebuild", "BatchGetProjects", _hooked(hooks))
    _results(company)
    company.front.answer("codebuild", "GetResourcePolicy", _policy)


def _results(company: Company) -> None:
    """Queue the results of an auditor's builds, which come by a topic of an account that nobody remembers."""
    told = {
        "Sid": "AuditResults",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:{HOME}:{ACCOUNT}:audit-results",
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:{HOME}:{_STRANGER}:audit-results"}},
    }
    company.client("sqs").create_queue(QueueName="audit-results", Attributes={"Policy": document(told)})


def _project(company: Company, name: str, repository: str, role: str) -> None:
    location = repository if repository == _ANYWHERE else f"https://github.com/{_ORGANIZATION}/{repository}.git"
    company.client("codebuild").create_project(
        name=name,
        source={"type": "GITHUB", "location": location},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role,
    )


def _hooked(hooks: Mapping[str, Mapping[str, Any]]) -> Any:
    def amend(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for project in parsed["projects"]:
            if project["name"] in hooks:
                project["webhook"] = dict(hooks[project["name"]])

    return amend


def _policy(asked: Mapping[str, Any], _: str) -> dict[str, Any]:
    """The builds of the deployment are shared with an auditor whom nobody remembers."""
    arn = str(asked["resourceArn"])
    if not arn.endswith("/site-deploy"):
        raise Refusal("ResourceNotFoundException", "The resource has no policy")
    actions = ["codebuild:BatchGetProjects", "codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"]
    shared = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_STRANGER}:root"},
        "Action": actions,
        "Resource": arn,
    }

    return {"policy": document(shared)}
