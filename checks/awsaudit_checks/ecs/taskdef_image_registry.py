from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from typing import Final

from awsaudit import EvidenceMissing, Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import Container, TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, judged
from awsaudit_checks.ecs.image import ecr_account
from awsaudit_checks.iam.certain import certain


_PUBLIC: Final = ("public.ecr.aws/aws-", "public.ecr.aws/docker/library/")
# Who keeps AWS's own images for tasks of ECS: Fluent Bit, and the proxy of App Mesh.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-using-fluentbit.html
# https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html
_AWS: Final = frozenset({"906394416424", "840364872350"})


@check(
    "ecs-taskdef-image-registry",
    title="Images come from own ECR",
    severity=Severity.MEDIUM,
    uses=(*ZONE, *DEFINITIONS),
    remediation=Remediation(
        text="Mirror the image into a repository of the account, by a pull through cache rule of ECR where the registry is one "
        "that ECR knows, and register a revision that names it there. A registry that you trust goes into `registries`.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html",
    ),
)
def taskdef_image_registry(
    family: TaskFamily, account: Inventory, *, registries: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    Whoever keeps a foreign image, or takes its name over, runs code with the task's role; and when the registry is down or
    limits the pulls, no task starts. ECR of the account and of known accounts passes, what AWS publishes, the official
    images of Docker in AWS's gallery, and ``registries``, by a pattern of the whole name. Images pulled with credentials are
    low: somebody chose that registry.
    """
    yield from judged(family, account, definition_of, partial(_foreign, account, registries))


def _foreign(account: Inventory, registries: tuple[str, ...], definition: TaskDefinition) -> Iterator[Problem]:
    yield from certain(definition.containers, partial(_problem, account, registries))


def _problem(account: Inventory, registries: tuple[str, ...], container: Container) -> Problem | None:
    image = container.image
    if image.startswith(_PUBLIC) or any(fnmatchcase(image, pattern) for pattern in registries):
        return None
    owner = ecr_account(image)
    if owner is None:
        where = _registry(image)
    else:
        zone = zone_of(account)
        trusted = owner in _AWS or zone.has(owner)
        if trusted is None and zone.unseen:
            raise EvidenceMissing(zone.unseen)
        if trusted:
            return None
        where = f"account {owner}, which nothing says you know"

    return Problem(
        f"the image {image} of the container {container.name} comes from {where}",
        expected="ECR of a known account",
        found=image,
        sub_key=container.name,
        severity=Severity.LOW if container.credentials else None,
    )


def _registry(image: str) -> str:
    """Return what is to be said of where *image* comes from: without a host it is Docker Hub."""
    first, slash, _ = image.partition("/")
    has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")

    return first if has_host else "Docker Hub"
