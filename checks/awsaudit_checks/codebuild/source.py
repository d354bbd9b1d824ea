"""
The sources of a build project, and where they are hosted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit.resources.codebuild import Project, Source


GIT: Final = frozenset({"BITBUCKET", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED"})
"""Types of sources outside of AWS, which are read with a credential of the provider."""

FIRST: Final = "source"
"""The sub-key of the first source; the others have identifiers, which may not be this one at once."""


def sources_of(project: Project) -> Iterator[Source]:
    """Yield the sources of *project*, the first one first."""
    yield project.source
    yield from project.secondary_sources


def key_of(source: Source) -> str:
    """Return what tells *source* from the project's others."""
    return f"{FIRST}/{source.identifier}" if source.identifier else FIRST


def word_of(source: Source) -> str:
    """Return what *source* is called in a message."""
    return f"the secondary source {source.identifier}" if source.identifier else "its source"
