import pytest

from awsaudit import Status
from awsaudit.resources.codebuild import DETAILS, LIST, Project
from awsaudit.resources.ecs import Service
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.duplicates import duplicates
from tests.estate import secret


OLD = {"LastAccessedDate": "2026-01-20T00:00:00Z"}
USED = {"LastAccessedDate": "2026-11-20T00:00:00Z"}


def tagged(**values):
    return {"Tags": [{"Key": key, "Value": value} for key, value in values.items()]}


@pytest.mark.parametrize(
    "name", ["prod/api_key", "prod-api-key-old", "prod/ApiKey", "prod/api-key/copy", "PROD/API-KEY"]
)
def test_flags_two_names_for_one_thing(name):
    """
    Separators, case, and words such as old do not make another credential.
    """
    [finding] = run_check(duplicates, secret(name, **OLD), secret("prod/api-key", **USED))

    assert Status.FAIL == finding.status
    assert "it looks like a copy of prod/api-key: names and tags are alike" == finding.message


@pytest.mark.parametrize("name", ["dev/api-key", "prod/api-key-2", "prod/api", "prod/api-key/signer", "copy"])
def test_other_names_pass(name):
    """
    Another environment, another number, another word.
    """
    assert [Status.PASS] == statuses(run_check(duplicates, secret(name, **OLD), secret("prod/api-key", **USED)))


def test_only_the_one_less_used_is_told_of():
    """
    The other one is probably what is needed; of two that nobody used the older one is.
    """
    first, second = secret("api-key"), secret("api_key", CreatedDate="2026-06-01T00:00:00+00:00")

    assert [Status.PASS] == statuses(run_check(duplicates, secret("api-key", **USED), secret("api_key", **OLD)))
    assert [Status.FAIL] == statuses(run_check(duplicates, second, first))
    assert [Status.PASS] == statuses(run_check(duplicates, first, second))


def test_other_tags_pass_unless_somebody_names_both():
    """
    A project that has both of them uses one of them for nothing.
    """
    one, other = secret("api-key", **OLD, **tagged(team="a")), secret("api_key", **USED, **tagged(team="b"))
    variables = [{"name": n, "type": "SECRETS_MANAGER", "value": n} for n in ("api-key", "api_key")]
    project = {"name": "site", "arn": "arn:aws:codebuild:eu-west-1:111122223333:project/site"}
    both = fake(Project, {LIST: "site", DETAILS: {**project, "environment": {"environmentVariables": variables}}})
    single = fake(Project, {LIST: "site", DETAILS: {**project, "environment": {"environmentVariables": variables[:1]}}})

    assert [Status.PASS] == statuses(run_check(duplicates, one, other))
    assert [Status.PASS] == statuses(run_check(duplicates, one, other, single))
    [finding] = run_check(duplicates, one, other, both)
    assert Status.FAIL == finding.status
    assert finding.message.endswith(f"{project['arn']} names both")


def test_unseen_readers_are_unknown():
    """
    Where tags differ it hangs on who names both.
    """
    one, other = secret("api-key", **OLD, **tagged(team="a")), secret("api_key", **USED)

    assert [Status.UNKNOWN] == statuses(run_check(duplicates, one, other, unlisted=[Service]))
    assert [Status.UNKNOWN] == statuses(run_check(duplicates, one, unlisted=[Secret]))


@pytest.mark.parametrize("more", [{"DeletedDate": "2026-11-30T00:00:00Z"}, {"OwningService": "rds"}])
def test_what_goes_or_is_a_services_is_no_twin(more):
    """
    Nor is it judged itself.
    """
    assert [Status.PASS] == statuses(run_check(duplicates, secret("api-key"), secret("api_key", **USED, **more)))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(duplicates, secret("api-key", **more)))
