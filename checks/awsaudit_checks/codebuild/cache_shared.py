from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Cache, Project
from awsaudit_checks.codebuild.change import change
from awsaudit_checks.codebuild.pull_request import builds_pull_requests


@check(
    "codebuild-cache-shared",
    title="PR builds do not share a writable cache with release builds",
    severity=Severity.MEDIUM,
    uses=(Project.cache, Project.name, Project.webhook),
    remediation=Remediation(
        text="Give the project that builds pull requests a cache of its own.",
        cli=change("cache", "merge(projects[0].cache, {cacheNamespace: `\"'{namespace}'\"`})"),
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/caching-s3.html",
    ),
)
def cache_shared(project: Project, account: Inventory) -> Iterator[Problem]:
    """
    Whoever opens a pull request writes what its build leaves in the cache. Where a release build unpacks the same cache,
    a compiler or a package put there is run with the release's rights. Projects of one location and one namespace in S3
    share what has the same key, which a pull request chooses that brings its build specification along; without a
    namespace a cache is the project's own.
    """
    cache = project.cache
    if cache is None or cache.type != "S3":
        raise NotApplicable("it has no cache in S3")
    if not cache.namespace or not builds_pull_requests(project):
        return
    place = _place(cache)
    for other in account.those_of(account.every(Project), lambda one: _is_release(one, place)):
        yield Problem(
            f"its pull requests write to the cache {'/'.join(place)}, from which {other.name} builds without any",
            expected="a namespace of its own",
            found=cache.namespace,
            sub_key=other.arn,
            fill={"namespace": f"{project.name}-pull-requests"},
            path=(
                Hop(project.arn, Project.type, "builds pull requests"),
                Hop(f"arn:{project.partition}:s3:::{'/'.join(place)}", "AWS::S3::Bucket", "its cache, which it writes"),
                Hop(other.arn, Project.type, "unpacks the same cache", holds=False),
            ),
        )


def _is_release(project: Project, place: tuple[str, str]) -> bool:
    return project.cache is not None and _place(project.cache) == place and not builds_pull_requests(project)


def _place(cache: Cache) -> tuple[str, str]:
    if cache.type != "S3" or not cache.namespace:
        return "", ""

    return (cache.location or "").strip("/"), cache.namespace
