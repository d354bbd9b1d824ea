"""
Which checks a scan runs, and on which resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

from attrs import frozen

from awsaudit.check import Severity
from awsaudit.declare import Resource
from awsaudit.errors import SelectionError
from awsaudit.framework import frameworks


class Selectable(Protocol):
    """A check, or what stands for one: what it takes to be selected."""

    @property
    def id(self) -> str:
        """The check."""

    @property
    def severity(self) -> Severity:
        """How bad a failure is."""

    @property
    def service(self) -> str:
        """The first word of the id."""

    @property
    def equivalents(self) -> tuple[str, ...]:
        """Checks of other tools, as ``tool:id``."""


S = TypeVar("S", bound=Selectable)


@frozen
class Selection:
    """
    What to select; everything set has to hold.

    Args:
        checks: Globs of check ids; unset means all. Ids of other tools' equivalent checks are understood too.

        skip: Globs of check ids to leave out.

        services: Services, as the first word of check ids.

        min_severity: The least severity.

        frameworks: Ids of frameworks.

        resources: Globs of ARNs; unset means all resources.

        tags: ``KEY=VALUE``, the value a glob; a resource has to carry all of them.
    """

    checks: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    min_severity: Severity = Severity.INFO
    frameworks: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it leaves resources out."""
        return bool(self.resources or self.tags)

    def of(self, installed: Mapping[str, S]) -> tuple[S, ...]:
        """
        Return the selected checks, sorted by id.

        Raises:
            SelectionError: A pattern, service or framework matches nothing that is installed, or nothing is left.
        """
        self._refuse_unknown(installed)
        within = [frameworks()[name].checks for name in self.frameworks]
        selected = tuple(
            check
            for id_, check in sorted(installed.items())
            if (not self.checks or any(matches(check, pattern) for pattern in self.checks))
            and not any(matches(check, pattern) for pattern in self.skip)
            and (not self.services or check.service in self.services)
            and (check.severity >= self.min_severity)
            and all(id_ in checks for checks in within)
        )
        if not selected:
            raise SelectionError("no check is left of this selection; all conditions have to hold at once")

        return selected

    def judges(self, resource: Resource) -> bool:
        """Tell whether *resource* is selected; one whose ARN or tags could not be read is."""
        if self.resources:
            arn = resource.know("arn")
            if arn is not None and not any(fnmatchcase(arn, pattern) for pattern in self.resources):
                return False
        tags = resource.know("tags") if self.tags else None

        return tags is None or all(_tagged(tags, wanted) for wanted in self.tags)

    def _refuse_unknown(self, installed: Mapping[str, Selectable]) -> None:
        known = {*installed, *(id_ for check in installed.values() for id_ in foreign_ids(check))}
        for pattern in (*self.checks, *self.skip):
            if not any(matches(check, pattern) for check in installed.values()):
                raise unknown("check", pattern, known)
        services = {check.service for check in installed.values()}
        for service in self.services:
            if service not in services:
                raise unknown("service", service, services)
        if self.frameworks:
            names = frameworks()
            for name in self.frameworks:
                if name not in names:
                    raise unknown("framework", name, names)
        for tag in self.tags:
            if "=" not in tag:
                raise SelectionError(f"a tag is written KEY=VALUE, not {tag!r}; the value may be *")


def matches(check: Selectable, pattern: str) -> bool:
    """Tell whether *pattern* is a glob of the check's id, or the id of another tool's equivalent check."""
    return fnmatchcase(check.id, pattern) or pattern in foreign_ids(check)


def foreign_ids(check: Selectable) -> set[str]:
    """Return the ids of other tools' equivalent checks, with the tool and without."""
    return {name for equivalent in check.equivalents for name in (equivalent, equivalent.partition(":")[2])}


def unknown(what: str, name: str, known: Iterable[str]) -> SelectionError:
    """Return the error for a name that nobody knows, with the nearest that somebody does."""
    return SelectionError(f"there is no {what} {name!r}{nearest(name, known)}")


def nearest(name: str, known: Iterable[str], likeness: float = 0.5) -> str:
    """
    Return a hint at the nearest of the names that are *known*; empty if none is near.

    Args:
        name: What was written.

        known: What could have been meant.

        likeness: From 0 to 1, how like it has to be.
    """
    import difflib  # noqa: PLC0415 - only mistakes need it

    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=likeness)

    return f"; did you mean {near[0]}?" if near else ""


def _tagged(tags: Mapping[str, str], wanted: str) -> bool:
    key, _, value = wanted.partition("=")
    return key in tags and fnmatchcase(tags[key], value)
