import pytest

from awsaudit import Severity, Status
from awsaudit.resources.organizations import Organization, OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.ecs.taskdef_image_registry import taskdef_image_registry
from tests.estate import FOREIGN, alone, member_of
from tests.fleet import container, definition, family, service


def look(image, *others, credentials=None, **more):
    given = {"repositoryCredentials": {"credentialsParameter": credentials}} if credentials else {}
    judged = service(definition(container(image=image, **given)))
    return run_check(taskdef_image_registry, family(), judged, *(others or alone()), **more)


def ecr(account):
    return f"{account}.dkr.ecr.eu-west-1.amazonaws.com/api:7"


@pytest.mark.parametrize(
    ("image", "where"),
    [
        ("nginx:1.27", "Docker Hub"),
        ("nicolaka/netshoot", "Docker Hub"),
        ("docker.io/library/nginx", "docker.io"),
        ("ghcr.io/paradigmxyz/reth:v1", "ghcr.io"),
        ("registry.example:5000/api", "registry.example:5000"),
        ("public.ecr.aws/somebody/api", "public.ecr.aws"),
        (ecr(FOREIGN), f"account {FOREIGN}"),
    ],
)
def test_flags_foreign_registries(image, where):
    """
    Without a host it is Docker Hub.
    """
    [finding] = look(image)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"comes from {where}" in finding.message


def test_credentials_make_it_low():
    """
    Somebody chose that registry.
    """
    [finding] = look("registry.example/api", credentials="hub")

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    "image",
    [
        ecr("111122223333"),
        "111122223333.dkr-ecr.eu-west-1.on.aws/docker-hub/library/nginx:1",
        "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/api",
        "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/api",
        "public.ecr.aws/aws-observability/aws-otel-collector:latest",
        "public.ecr.aws/docker/library/busybox:1.37",
        "906394416424.dkr.ecr.eu-west-1.amazonaws.com/aws-for-fluent-bit:stable",
    ],
)
def test_passes_own_ecr_and_aws(image):
    """
    A pull through cache is a repository of one's own.
    """
    assert [Status.PASS] == statuses(look(image))


def test_passes_known_accounts_and_registries():
    """
    Of the organization, of the configuration, and by the option.
    """
    assert [Status.PASS] == statuses(look(ecr(FOREIGN), *member_of("o-abcdefghij", FOREIGN)))
    assert [Status.PASS] == statuses(look(ecr(FOREIGN), trust=Trust(accounts=(FOREIGN,))))
    assert [Status.PASS] == statuses(look("ghcr.io/own/api:1", registries=("ghcr.io/own/*",)))


def test_an_unseen_organization_is_unknown():
    """
    The account may be one of it.
    """
    service_ = service(definition(container(image=ecr(FOREIGN))))
    found = run_check(taskdef_image_registry, family(), service_, unlisted=[Organization, OrganizationAccount])

    assert [Status.UNKNOWN] == statuses(found)
