"""Repositories of CodeCommit out of a few words."""

import pytest

from awsaudit.resources.codecommit import DETAILS, LIST, TRIGGERS, Repository
from awsaudit.testing import fake


@pytest.fixture(name="sources")
def _sources():
    """Return a function that makes a repository; without a branch nothing was pushed to it yet."""

    def make(name="api", branch="main", triggers=()):
        details = {"repositoryName": name, **({"defaultBranch": branch} if branch else {})}
        return fake(Repository, {LIST: {"repositoryName": name}, DETAILS: details, TRIGGERS: list(triggers)})

    return make
