import re

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import EvidenceMissing, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access.estate import ZONE, zone_of
from awsaudit.resources.codebuild import Project


# https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
_ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr(?:\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?"
    r"|-ecr(?:-fips)?\.[a-z0-9-]+\.on\.(?:aws|amazonwebservices\.com\.cn))/.+"
)
_PUBLIC: Final = (
    "public.ecr.aws/amazonlinux/", "public.ecr.aws/docker/library/", "public.ecr.aws/lambda/",
    "public.ecr.aws/codebuild/",
)  # fmt: skip
# CodeBuild's own, such as aws/codebuild/standard:7.0.
_OWN: Final = "aws/codebuild/"


@check(
    "codebuild-image-registry-trusted",
    title="Build images come from own ECR or AWS",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Mirror the image into a repository of the account, by a pull through cache rule of ECR where the registry is one "
        "that ECR knows, and let the project name it there. A registry that you trust goes into `registries`.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html",
    ),
)
def image_registry_trusted(
    project: Project, account: Inventory, *, registries: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Every build runs in what a registry hands out, with the build's role and secrets. Whoever keeps a foreign image, or
    takes its name over, runs code there. Images of CodeBuild, of the account's and trusted accounts' ECR and AWS's
    own public galleries pass, as do those in ``registries``, by a pattern of the whole name. A fleet with an image of its
    own is not judged.
    """
    image = project.environment.image
    if image.startswith("ami-"):
        raise NotApplicable("its fleet has an image of its own")
    if image.startswith((_OWN, *_PUBLIC)) or any(fnmatchcase(image, pattern) for pattern in registries):
        return
    place = _ECR.fullmatch(image)
    if place is None:
        yield Problem(f"its image {image} comes from {_registry(image)}", expected="ECR or CodeBuild", found=image)
        return
    zone = zone_of(account)
    trusted = place["account"] == project.account or zone.has(place["account"])
    if trusted is None and zone.unseen:
        raise EvidenceMissing(zone.unseen)
    if not trusted:
        yield Problem(
            f"its image {image} comes from account {place['account']}, which is not known",
            expected="an account that is trusted",
            found=image,
        )


def _registry(image: str) -> str:
    """Return what is to be said of where *image* comes from: without a host it is Docker Hub."""
    first, slash, _ = image.partition("/")
    has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")

    return first if has_host else "Docker Hub"
