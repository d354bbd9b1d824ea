import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.source_provider_allowed import source_provider_allowed
from tests.checks.codebuild.building import project, reading


def judge(judged, **options):
    return run_check(source_provider_allowed, judged, **options)


GITLAB = {"type": "GITLAB", "location": "https://gitlab.com/northlight/infra/modules.git"}


@pytest.mark.parametrize(
    ("location", "organization"),
    [
        ("https://github.com/stranger/beacon.git", "northlight-staking"),
        ("https://github.com/northlight-staking-2/beacon.git", "northlight-staking"),
        ("https://github.com/stranger/northlight-staking", "northlight-staking"),
        ("https://github.example/northlight-staking/beacon", "github.com/northlight-staking"),
    ],
)
def test_flags_other_owners(location, organization):
    """
    An owner is not a name that begins alike, nor a repository's, nor the same name at another host.
    """
    (finding,) = judge(reading(location=location), organizations=(organization,))

    assert Status.FAIL is finding.status
    assert finding.message.startswith("its source belongs to github")


def test_flags_other_providers():
    """
    Each source has to be on one of the list.
    """
    other = {**GITLAB, "sourceIdentifier": "modules"}
    (finding,) = judge(reading(other), providers=("GITHUB", "CODECOMMIT"))

    assert "the secondary source modules is on GITLAB" == finding.message


@pytest.mark.parametrize("organization", ["Northlight-Staking", "github.com/northlight-staking", "northlight-*"])
def test_accepts_allowed_owners(organization):
    """
    In any letter case, with or without the host.
    """
    assert [Status.PASS] == statuses(judge(reading(), organizations=(organization,)))


@pytest.mark.parametrize("organization", ["northlight", "northlight/infra", "gitlab.com/northlight"])
def test_groups_of_gitlab_lie_in_one_another(organization):
    """
    A group stands for the groups below it.
    """
    assert [Status.PASS] == statuses(judge(reading(**GITLAB), organizations=(organization,)))


def test_owners_concern_git_providers_alone():
    """
    A bucket has no owner of that kind.
    """
    judged = project(source={"type": "S3", "location": "exports/beacon.zip"})

    assert [Status.PASS] == statuses(judge(judged, providers=("S3",), organizations=("northlight",)))


@pytest.mark.parametrize(("name", "status"), [("northlight", Status.PASS), ("stranger", Status.FAIL)])
def test_a_webhook_of_an_organization_names_it(name, status):
    """
    The source then has no location of its own.
    """
    hook = {"scopeConfiguration": {"scope": "GITHUB_ORGANIZATION", "name": name}}
    source = {"type": "GITHUB", "location": "CODEBUILD_DEFAULT_WEBHOOK_SOURCE_LOCATION"}

    assert [status] == statuses(judge(project(source=source, webhook=hook), organizations=("github.com/northlight",)))


def test_does_not_guess_an_owner():
    """
    A location that hides or that is none says nothing.
    """
    assert [Status.UNKNOWN] == statuses(judge(reading(location="beacon"), organizations=("northlight",)))


def test_judges_nothing_until_it_is_told_what_is_allowed():
    """
    Neither a project without sources of its own.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(project()))
    assert [Status.NOT_APPLICABLE] == statuses(judge(project(source={"type": "CODEPIPELINE"}), providers=("GITHUB",)))
