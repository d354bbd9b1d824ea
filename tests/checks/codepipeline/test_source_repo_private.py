import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codepipeline.source_repo_private import source_repo_private
from tests.checks.codepipeline.lines import pipeline, source, stage


def of(repository):
    return source("CodeStarSourceConnection", FullRepositoryId=repository, BranchName="main")


OLD = source("GitHub", "ThirdParty", Owner="northlight", Repo="app", Branch="main")


def judge(*given, owners=("northlight",)):
    return run_check(source_repo_private, pipeline(stage("Source", *given)), owners=owners)


@pytest.mark.parametrize(
    ("given", "owners"),
    [
        (of("northlight/app"), ("northlight",)),
        (of("Northlight/app"), ("other", "northLight")),
        (of("northlight/platform/app"), ("northlight",)),
        (of("northlight/platform/app"), ("northlight/platform/",)),
        (OLD, ("northlight",)),
    ],
)
def test_accepts_repositories_of_the_owners(given, owners):
    """
    With subgroups, and in any case.
    """
    assert [Status.PASS] == statuses(judge(given, owners=owners))


@pytest.mark.parametrize(
    ("given", "owners"),
    [
        (of("northlight-fork/app"), ("northlight",)),
        (of("ada/northlight"), ("northlight",)),
        (of("northlight/app"), ("northlight/platform",)),
        (OLD, ("ada",)),
    ],
)
def test_flags_repositories_of_others(given, owners):
    """
    A name that begins alike is another one.
    """
    [finding] = judge(given, owners=owners)

    assert (Status.FAIL, Severity.MEDIUM, "Source.app") == (finding.status, finding.severity, finding.sub_key)


def test_does_not_apply_without_owners_or_outside_sources():
    """
    CodeCommit's repositories are the account's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(of("ada/app"), owners=()))
    assert [Status.NOT_APPLICABLE] == statuses(judge(source(RepositoryName="app")))


@pytest.mark.parametrize("given", [of(""), of("#{variables.repository}"), source("GitHub", "ThirdParty", Repo="app")])
def test_a_repository_that_is_not_told_is_unknown(given):
    """
    Variables may name any.
    """
    assert [Status.UNKNOWN] == statuses(judge(given))
