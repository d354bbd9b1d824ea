"""The branch that releases are made of."""

from __future__ import annotations

from awsaudit.resources.codecommit import Repository


def reference_of(repository: Repository) -> str | None:
    """Return the default branch of *repository* as policies and templates name it; None as long as there is none."""
    branch = repository.default_branch
    return f"refs/heads/{branch.removeprefix('refs/heads/')}" if branch else None
