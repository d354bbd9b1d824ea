import pytest

from awsaudit import Status
from awsaudit.resources.organizations import Organization, OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.codebuild.image_registry_trusted import image_registry_trusted
from tests.checks.codebuild.building import running
from tests.estate import alone


def look(image, *others, **more):
    return run_check(image_registry_trusted, running(image=image), *(others or alone()), **more)


def ecr(account):
    return f"{account}.dkr.ecr.eu-west-1.amazonaws.com/ci/builder:2"


@pytest.mark.parametrize(
    ("image", "where"),
    [
        ("hashicorp/terraform:1.9", "Docker Hub"),
        ("python", "Docker Hub"),
        ("ghcr.io/a/b:latest", "ghcr.io"),
        ("localhost/a", "localhost"),
        ("public.ecr.aws/stranger/golang:1", "public.ecr.aws"),
        ("aws/codebuildx/standard:7.0", "Docker Hub"),
        ("public.ecr.aws/lambdas/a:1", "public.ecr.aws"),
    ],
)
def test_flags_foreign_registries(image, where):
    """
    A name without a host is Docker Hub's.
    """
    (finding,) = look(image)

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert finding.message.endswith(f"comes from {where}")


def test_flags_the_repository_of_a_stranger():
    """
    ECR is a registry of whoever owns the account.
    """
    (finding,) = look(ecr("444455556666"))

    assert "account 444455556666, which is not known" in finding.message


@pytest.mark.parametrize(
    "image",
    [
        "aws/codebuild/standard:7.0",
        "public.ecr.aws/docker/library/golang:1.23",
        "public.ecr.aws/lambda/python:3.12",
        ecr("111122223333"),
        ecr("111122223333").replace(".com/", ".com.cn/"),
        "111122223333.dkr-ecr.eu-west-1.on.aws/ci/builder:2",
    ],
)
def test_passes_own_ecr_and_aws(image):
    """
    Whatever tag it has is another matter.
    """
    assert [Status.PASS] == statuses(look(image))


def test_passes_whom_the_owner_trusts():
    """
    Accounts and registries that the configuration names.
    """
    assert [Status.PASS] == statuses(look(ecr("444455556666"), trust=Trust(accounts=("444455556666",))))
    assert [Status.PASS] == statuses(look("ghcr.io/northlight/a:1", registries=("ghcr.io/northlight/*",)))


def test_does_not_concern_images_of_machines():
    """
    A fleet has one.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look("ami-0123456789abcdef0"))


def test_an_organization_that_cannot_be_seen_is_unknown():
    """
    The account may be one of it.
    """
    hidden = run_check(
        image_registry_trusted, running(image=ecr("444455556666")), unlisted=[Organization, OrganizationAccount]
    )

    assert [Status.UNKNOWN] == statuses(hidden)
