"""By which way packages of public repositories come into one of CodeArtifact."""

from __future__ import annotations

from collections import deque
from typing import Final

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.resources.codeartifact import OpenPackage, Origins, Repository


_SOME: Final = "ALLOW_SPECIFIC_REPOSITORIES"


@frozen
class Route:
    """
    A way from a repository to a public one.

    Args:
        repositories: The repository itself, and those above it, up to the one with the external connection.

        formats: The formats of packages that come this way.
    """

    repositories: tuple[Repository, ...]
    formats: tuple[str, ...]


def routes(repository: Repository, account: Inventory) -> tuple[Route, ...]:
    """
    Return every way from *repository* to a public one, the shortest first.

    Raises:
        EvidenceMissing: A repository could not be seen.
        Undecided: An upstream repository is administered by another account.
    """
    found: list[Route] = []
    pending: deque[tuple[Repository, ...]] = deque([(repository,)])
    while pending:
        way = pending.popleft()
        last = way[-1]
        if last.external_formats:
            found.append(Route(way, last.external_formats))
        for name in last.upstreams:
            above = _named(name, last, account)
            if above not in way:
                pending.append((*way, above))

    return tuple(found)


def _named(name: str, below: Repository, account: Inventory) -> Repository:
    def wanted(repository: Repository) -> bool:
        return (repository.name, repository.domain, repository.domain_owner) == (name, below.domain, below.domain_owner)

    above = account.first(Repository, wanted, below.region)
    if above is None:
        raise Undecided(f"its upstream repository {name} is administered by another account")

    return above


def way_in(package: OpenPackage, found: tuple[Route, ...]) -> Route | None:
    """
    Return by which of the routes *found* versions of *package* may come in; None if by none.

    Raises:
        EvidenceMissing: What a repository on the way blocks, or its package group, could not be seen.
        Undecided: Its package group lets some repositories have it and others not.
    """
    called = package.package
    ways = [
        route
        for route in found
        if called.format in route.formats
        and not any(called in above.closed_packages for above in route.repositories[1:])
    ]
    if not ways:
        return None
    group = package.origins
    if group is None or not _lets_in(group):
        return None
    direct = next((route for route in ways if len(route.repositories) == 1), None)
    if direct is None and group.internal == "BLOCK":
        return None
    needed = (group.publish, group.external, *(() if direct else (group.internal,)))
    if _SOME in needed:
        raise Undecided(
            f"the package group {group.pattern} lets some repositories have {called}, and which is not read"
        )

    return direct or ways[0]


def _lets_in(group: Origins) -> bool:
    # Of a package whose name only looks like one that the group means CodeArtifact takes nothing in.
    return group.strength != "WEAK" and "BLOCK" not in {group.publish, group.external}
