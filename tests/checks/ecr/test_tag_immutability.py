import pytest

from awsaudit import Status
from awsaudit.resources.ecr import CACHE_RULES, PullThroughCacheRule
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecr.tag_immutability import tag_immutability


def mutability(value, *patterns):
    filters = [{"filterType": "WILDCARD", "filter": pattern} for pattern in patterns]
    return {"imageTagMutability": value, "imageTagMutabilityExclusionFilters": filters}


def rule(prefix):
    return fake(PullThroughCacheRule, {CACHE_RULES: {"ecrRepositoryPrefix": prefix}})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        mutability("MUTABLE"),
        mutability("MUTABLE_WITH_EXCLUSION", "v*"),
        mutability("IMMUTABLE_WITH_EXCLUSION", "latest*", "*"),
    ],
)
def test_flags_mutable_tags(repository, fields):
    """
    Tags that can be moved fail, by default, with exceptions, or because everything is excepted.
    """
    (finding,) = run_check(tag_immutability, repository(**fields))

    assert Status.FAIL is finding.status
    assert (
        "aws ecr put-image-tag-mutability --region eu-west-1 --repository-name validators "
        "--image-tag-mutability IMMUTABLE" == finding.fix
    )


@pytest.mark.parametrize("fields", [mutability("IMMUTABLE"), mutability("MUTABLE_WITH_EXCLUSION", "v*", "*")])
def test_accepts_immutable_tags(repository, fields):
    """
    Immutable tags pass, and mutable ones from which every tag is excluded.
    """
    assert [Status.PASS] == statuses(run_check(tag_immutability, repository(**fields), unlisted=[PullThroughCacheRule]))


def test_remarks_on_tags_that_can_be_moved(repository):
    """
    Patterns that except some tags pass and are named.
    """
    (finding,) = run_check(tag_immutability, repository(**mutability("IMMUTABLE_WITH_EXCLUSION", "latest*", "dev*")))

    assert Status.PASS is finding.status
    assert ("tags like latest*, dev* can still be moved",) == finding.notes


def test_does_not_concern_caches(repository):
    """
    A repository under a pull-through cache's prefix follows its upstream; one that only begins alike does not.
    """
    cached, other = repository(name="quay/prysm"), repository(name="quayside")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(tag_immutability, cached, rule("docker"), rule("quay")))
    assert [Status.FAIL] == statuses(run_check(tag_immutability, other, rule("quay")))


def test_a_root_rule_may_be_behind_any_repository(repository):
    """
    Under a rule for ROOT it is not known which repositories are caches.
    """
    assert [Status.UNKNOWN] == statuses(run_check(tag_immutability, repository(), rule("ROOT")))


def test_does_not_guess_whether_it_is_a_cache(repository):
    """
    Where the rules could not be listed, mutable tags are unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(tag_immutability, repository(), unlisted=[PullThroughCacheRule]))
