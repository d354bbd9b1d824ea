"""Which images the tasks of ECS run, and what their references are tied to."""

from __future__ import annotations

import itertools
import re

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from attrs import frozen

from awsaudit import EvidenceMissing, Inventory
from awsaudit.gap import Gap
from awsaudit.resources.ecr import Repository
from awsaudit.resources.ecs import Service, Task
from awsaudit.resources.events import Target
from awsaudit.resources.scheduler import Schedule


STARTED: Final = (
    Service.arn, Service.task_definition, Task.arn, Task.task_definition_arn, Task.images, Target.task_definition_arn,
    Target.task_images, Schedule.name, Schedule.task_definition_arn, Schedule.task_images,
)  # fmt: skip
"""What `uses_of` looks at."""

TAGS: Final = (Repository.arn, Repository.name, Repository.tag_mutability, Repository.tag_exclusions)
"""What `loose` looks at."""

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
_ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr(?:\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"
    r"|-ecr(?:-fips)?\.(?P<dual>[a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn))/(?P<name>[^:@]+)"
)


@frozen
class Use:
    """
    A task definition that something starts tasks of.

    Args:
        definition: Its ARN, perhaps without a revision.

        images: The images of its containers.

        by: What starts it, in words.
    """

    definition: str
    images: tuple[str, ...]
    by: str


@frozen
class Loose:
    """
    A reference that can come to mean another image.

    Args:
        why: Why, in words.

        repository: The account's own repository that it names; None where it names none.
    """

    why: str
    repository: Repository | None = None


def family_of(arn: str) -> str:
    """Return the family of the task definition with *arn*."""
    return arn.rpartition("/")[2].partition(":")[0]


def uses_of(family: str, region: str, account: Inventory) -> tuple[tuple[Use, ...], Gap | None]:
    """Return what starts tasks of *family* in *region*, as far as it could be seen, and what hides more."""
    uses, hidden = account.once(("ecs.uses", region), lambda: _uses_in(region, account))
    return tuple(uses.get(family, ())), hidden


def _uses_in(region: str, account: Inventory) -> tuple[Mapping[str, list[Use]], Gap | None]:
    found: dict[str, list[Use]] = {}
    hidden = [unlisted.gap for kind in (Service, Task, Target, Schedule) for unlisted in account.unlisted(kind, region)]
    starters: Iterator[Service | Task | Target | Schedule] = itertools.chain(
        account.seen(Service, region),
        account.seen(Task, region),
        account.seen(Target, region),
        account.seen(Schedule, region),
    )
    for starter in starters:
        try:
            use = _use(starter)
        except EvidenceMissing as missing:
            hidden.append(missing.gap)
        else:
            if use:
                found.setdefault(family_of(use.definition), []).append(use)

    return found, next(iter(hidden), None)


def _use(starter: Service | Task | Target | Schedule) -> Use | None:
    if isinstance(starter, Service):
        newest = starter.task_definition
        return Use(newest.arn, newest.images, f"the service {starter.arn.rpartition('/')[2]}") if newest else None
    if isinstance(starter, Task):
        return Use(starter.task_definition_arn, starter.images, "a task that runs")
    if starter.task_definition_arn is None:
        return None
    by = "a rule of EventBridge" if isinstance(starter, Target) else f"the schedule {starter.name}"

    return Use(starter.task_definition_arn, starter.task_images, by)


def loose(image: str, account: Inventory) -> Loose | None:
    """
    Return why *image* can come to mean another one; None if it cannot.

    Args:
        image: A reference as it stands in a task definition.

        account: Where its repository may be.

    Raises:
        EvidenceMissing: Its repository is another account's or in a region that is not scanned, or could not be seen.
    """
    if "@" in image:
        return None
    name, tag = tagged(image)
    place = _ECR.fullmatch(name)
    if place is None:
        return Loose(f"the tag {tag} of a registry where others say what it means")
    region = place["region"] or place["dual"]
    arn = f"arn:{account.target.partition}:ecr:{region}:{place['account']}:repository/{place['name']}"
    repository = account.by_arn(Repository, arn)
    if repository is None:
        return Loose(f"the tag {tag}, and there is no repository {place['name']}")
    if not _movable(repository, tag):
        return None

    return Loose(f"the tag {tag} that can be moved, in {repository.name}", None if tag == "latest" else repository)


def ecr_account(image: str) -> str | None:
    """Return the account whose registry at ECR *image* is in; None for another registry."""
    place = _ECR.match(image)
    return place["account"] if place else None


def tagged(image: str) -> tuple[str, str]:
    """Return *image* without its tag, and the tag; ECS takes latest where there is none."""
    last = image.rpartition("/")[2]
    tag = last.partition(":")[2]

    return (image.removesuffix(f":{tag}"), tag) if tag else (image, "latest")


def _movable(repository: Repository, tag: str) -> bool:
    excluded = any(fnmatchcase(tag, pattern) for pattern in repository.tag_exclusions)
    if repository.tag_mutability == "IMMUTABLE_WITH_EXCLUSION":
        return excluded
    if repository.tag_mutability == "MUTABLE_WITH_EXCLUSION":
        return not excluded

    return repository.tag_mutability == "MUTABLE"
