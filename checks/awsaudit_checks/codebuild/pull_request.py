"""
Whether pull requests start builds.
"""

from __future__ import annotations

from typing import Final

from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.webhook import events_of, groups_of


_PROPOSED: Final = ("PULL_REQUEST_CREATED", "PULL_REQUEST_UPDATED", "PULL_REQUEST_REOPENED")
_DEAD: Final = frozenset({"CREATE_FAILED", "DELETING"})


def builds_pull_requests(project: Project) -> bool:
    """Tell whether *project* builds what pull requests propose, before they are merged."""
    hook = project.webhook
    if hook is None or hook.status in _DEAD:
        return False

    return any(events_of(group, _PROPOSED) for group in groups_of(hook))
