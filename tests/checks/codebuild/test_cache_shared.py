import pytest

from awsaudit import Status
from awsaudit.resources.codebuild import LIST, Project
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codebuild.cache_shared import cache_shared
from tests.checks.codebuild.building import PULL_REQUESTS, PUSHES, project


SHARED = {"type": "S3", "location": "caches/beacon", "cacheNamespace": "all"}


def checks(cache=SHARED, webhook=PULL_REQUESTS):
    return project("checks", cache=cache, webhook=webhook)


def test_flags_pull_requests_that_write_to_a_release_cache():
    """
    The path goes by the cache to the release; the command gives the pull requests a namespace.
    """
    (finding,) = run_check(cache_shared, checks(), project(cache=SHARED, webhook=PUSHES), project("docs"))

    assert Status.FAIL is finding.status
    assert ["checks", "beacon/all", "release"] == [hop.resource.split("/", 1)[1] for hop in finding.path]
    assert "{cacheNamespace: `\"'checks-pull-requests'\"`}" in finding.fix


@pytest.mark.parametrize(
    "other",
    [
        {"location": "caches/other"},
        {"cacheNamespace": "release"},
        {"cacheNamespace": None},
        {"type": "LOCAL"},
    ],
)
def test_accepts_another_cache(other):
    """
    Without a namespace a cache is the project's own, wherever it lies.
    """
    release = project(cache={**SHARED, **other}, webhook=PUSHES)

    assert [Status.PASS] == statuses(run_check(cache_shared, checks(), release))


def test_accepts_pull_requests_among_themselves():
    """
    Nothing of a release is in it; nor does a release do harm to pull requests.
    """
    release = project(cache=SHARED)

    assert [Status.PASS] == statuses(run_check(cache_shared, checks(), project(cache=SHARED, webhook=PULL_REQUESTS)))
    assert [Status.PASS] == statuses(run_check(cache_shared, release, checks()))


@pytest.mark.parametrize("cache", [None, {"type": "NO_CACHE"}, {"type": "LOCAL", "modes": ["LOCAL_SOURCE_CACHE"]}])
def test_does_not_concern_caches_outside_of_s3(cache):
    """
    A local cache stays on its host.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cache_shared, checks(cache)))


def test_does_not_guess_what_others_share():
    """
    A project that could not be described may be a release of the same cache.
    """
    hidden = fake(Project, {LIST: "hidden"})

    assert [Status.UNKNOWN] == statuses(run_check(cache_shared, checks(), hidden))
