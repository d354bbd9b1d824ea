"""
Who starts builds by the webhook of a project.

https://docs.aws.amazon.com/codebuild/latest/userguide/webhooks.html
"""

from __future__ import annotations

import json
import re

from collections.abc import Iterable, Mapping
from typing import Any, Final

from awsaudit import NotApplicable, Undecided
from awsaudit.resources.codebuild import Project, Webhook, WebhookFilter
from awsaudit_checks.codebuild.regex import is_anchored


Group = tuple[WebhookFilter, ...]

UPDATE: Final = "aws codebuild update-webhook --region {region} --cli-input-json {request}"
"""The command that changes a webhook; its request names all that there is, so that nothing is lost."""

_HOSTED: Final = frozenset({"GITHUB", "GITHUB_ENTERPRISE", "BITBUCKET", "GITLAB", "GITLAB_SELF_MANAGED"})
# What is merged or closed has been seen by somebody who may write to the repository.
_PROPOSED: Final = frozenset({"PULL_REQUEST_CREATED", "PULL_REQUEST_UPDATED", "PULL_REQUEST_REOPENED"})
_STARTS_BY_ITSELF: Final = (None, "DISABLED")
# Everybody has these roles in a public repository.
_READERS: Final = frozenset({"GITHUB_READ", "BITBUCKET_READ", "GITLAB_GUEST"})
_WRITERS: Final = {
    "GITHUB": ("GITHUB_WRITE", "GITHUB_MAINTAIN", "GITHUB_ADMIN"),
    "BITBUCKET": ("BITBUCKET_WRITE", "BITBUCKET_ADMIN"),
    "GITLAB": ("GITLAB_DEVELOPER", "GITLAB_MAINTAINER", "GITLAB_OWNER"),
}
_ENTERPRISE: Final = "GITHUB_GLOBAL"
_SCOPES: Final = {
    "GITHUB_ORGANIZATION": "the organization",
    _ENTERPRISE: "the enterprise",
    "GITLAB_GROUP": "the group",
}
# No two texts that somebody would list: numbers of GitHub and GitLab, a UUID of Bitbucket, names.
_ANYBODY: Final = ("9007199254740", "18263", "{7d1c0b5e-2f6a-4c39-8e57-9a4b3c2d1e0f}", "x9-x9/x9-x9", "x7-x7")


def webhook_of(project: Project) -> Webhook:
    """
    Return the webhook by which a repository starts builds of *project*.

    Raises:
        NotApplicable: There is none.
    """
    hook = project.webhook
    if hook is None:
        raise NotApplicable("no webhook starts its builds")
    if hook.status in {"CREATE_FAILED", "DELETING"}:
        raise NotApplicable(f"its webhook starts no builds: it is {hook.status}")

    return hook


def groups_of(hook: Webhook) -> tuple[Group, ...]:
    """Return the groups of filters of *hook*; one that asks for nothing where it has none, as AWS starts builds by all then."""
    return hook.filters or ((),)


def events_of(group: Group, events: Iterable[str]) -> tuple[str, ...]:
    """Return those of *events* that the filters of *group* let start a build."""
    wanted = [f for f in group if f.kind == "EVENT"]
    return tuple(e for e in events if all((e in _names(f)) is not f.excludes for f in wanted))


def _names(wanted: WebhookFilter) -> frozenset[str]:
    return frozenset(name.strip() for name in wanted.pattern.split(","))


def takes_anything(wanted: WebhookFilter) -> bool:
    """
    Tell whether *wanted* is true of texts that have nothing in common.

    Raises:
        Undecided: Its pattern is no regular expression that can be read here.
    """
    try:
        pattern = re.compile(wanted.pattern)
    except re.error as error:
        raise Undecided(f"the filter {wanted.kind} {wanted.pattern} cannot be read: {error}") from error

    return all(bool(pattern.search(text)) is not wanted.excludes for text in _ANYBODY)


def names_its(group: Group, kind: str) -> bool:
    """Tell whether *group* lets through what is listed only: a filter of *kind* has to match, and not just anything."""
    return any(f.kind == kind and not f.excludes and not takes_anything(f) for f in group)


def wide_groups(hook: Webhook) -> tuple[Group, ...]:
    """
    Return the groups of filters that let events of repositories pass which they do not name.

    Raises:
        NotApplicable: The webhook is that of a single repository.
        Undecided: A filter cannot be read.
    """
    if hook.scope is None:
        raise NotApplicable("its webhook is that of a single repository")
    kinds = ("REPOSITORY_NAME", "ORGANIZATION_NAME") if hook.scope.kind == _ENTERPRISE else ("REPOSITORY_NAME",)

    return tuple(g for g in groups_of(hook) if not all(names_its(_anchored(g), kind) for kind in kinds))


def _anchored(group: Group) -> Group:
    return tuple(f for f in group if is_anchored(f.pattern, end=False))


def whose(hook: Webhook) -> str:
    """Return whose repositories send their events, in words; empty for the project's own repository."""
    return f"{_SCOPES.get(hook.scope.kind, hook.scope.kind)} {hook.scope.name}" if hook.scope else ""


def is_runner(group: Group) -> bool:
    """Tell whether events that pass *group* start runners, which do what a workflow of the repository says."""
    return any(f.kind == "EVENT" for f in group) and bool(events_of(group, ("WORKFLOW_JOB_QUEUED",)))


def strangers(project: Project) -> str:
    """
    Return who starts builds of *project* without being named, and without approval, in words; empty if nobody does.

    Raises:
        NotApplicable: No webhook of a repository starts its builds.
        Undecided: A filter cannot be read.
    """
    hook = webhook_of(project)
    if open_groups(project) and (not is_reviewed(hook) or loose_approvers(hook)):
        return "whoever opens a pull request"

    return f"whoever may make a repository in {whose(hook)}" if hook.scope and wide_groups(hook) else ""


def open_groups(project: Project) -> tuple[Group, ...]:
    """
    Return the groups of filters that pull requests of anybody pass.

    Raises:
        NotApplicable: No webhook of a repository starts its builds.
        Undecided: A filter cannot be read.
    """
    hook = webhook_of(project)
    if project.source_type not in _HOSTED:
        raise NotApplicable(f"its source is {project.source_type}, which has no pull requests")
    proposing = (group for group in groups_of(hook) if events_of(group, _PROPOSED))

    return tuple(group for group in proposing if not names_its(group, "ACTOR_ACCOUNT_ID"))


def is_reviewed(hook: Webhook) -> bool:
    """Tell whether somebody has to approve pull requests from forks; that whoever may read may do it is `loose_approvers`."""
    return hook.approval not in _STARTS_BY_ITSELF


def loose_approvers(hook: Webhook) -> tuple[str, ...]:
    """Return the roles that anybody has who may read the repository, and whose pull requests need no approval."""
    return tuple(role for role in hook.approvers if role in _READERS) if is_reviewed(hook) else ()


def reviewed(project: Project) -> str:
    """Return the request to UpdateWebhook after which all pull requests have to be approved by those who may write."""
    hook = webhook_of(project)
    approvers = [role for role in hook.approvers if role not in _READERS]
    writers = next((roles for name, roles in _WRITERS.items() if project.source_type.startswith(name)), ())
    policy = {"requiresCommentApproval": "ALL_PULL_REQUESTS", "approverRoles": approvers or list(writers)}

    return _request(project, hook, hook.filters, policy)


def with_patterns(project: Project, patterns: Mapping[WebhookFilter, str]) -> str:
    """Return the request to UpdateWebhook that puts other *patterns* into filters."""
    hook = webhook_of(project)
    changed = tuple(
        tuple(WebhookFilter(f.kind, patterns.get(f, f.pattern), f.excludes) for f in group) for group in hook.filters
    )
    policy = (
        {"requiresCommentApproval": hook.approval, "approverRoles": list(hook.approvers)} if hook.approval else None
    )

    return _request(project, hook, changed, policy)


def _request(project: Project, hook: Webhook, filters: tuple[Group, ...], policy: Mapping[str, Any] | None) -> str:
    request: dict[str, Any] = {"projectName": project.name}
    if filters:
        request["filterGroups"] = [[_spelt(f) for f in group] for group in filters]
    elif hook.branches:
        request["branchFilter"] = hook.branches
    if hook.build_type:
        request["buildType"] = hook.build_type
    if policy:
        request["pullRequestBuildPolicy"] = policy

    return json.dumps(request)


def _spelt(wanted: WebhookFilter) -> dict[str, Any]:
    found: dict[str, Any] = {"type": wanted.kind, "pattern": wanted.pattern}
    return {**found, "excludeMatchedPattern": True} if wanted.excludes else found
