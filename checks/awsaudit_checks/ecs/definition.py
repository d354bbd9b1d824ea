"""Which revisions of a family of task definitions are in use, and what is wrong with them."""

from __future__ import annotations

import itertools

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Generic, TypeAlias, TypeVar

from attrs import evolve, frozen

from awsaudit import EvidenceMissing, Inventory, NotApplicable, Note, Problem, Undecided
from awsaudit.gap import Gap
from awsaudit.resources.ecs import Service, Task, TaskFamily
from awsaudit.resources.events import Target
from awsaudit.resources.scheduler import Schedule
from awsaudit.resources.task_definition import TaskDefinition, TaskText
from awsaudit_checks.ecs.image import family_of
from awsaudit_checks.iam.certain import certain


DEFINITIONS: Final = (
    Service.arn, Service.task_definition, Task.arn, Task.task_definition, Target.id, Target.task_definition, Schedule.name,
    Schedule.task_definition,
)  # fmt: skip
"""What `judged` looks at besides the family, for the ``uses`` of a check."""

TEXTS: Final = (
    Service.arn, Service.task_text, Task.arn, Task.task_text, Target.id, Target.task_text, Schedule.name,
    Schedule.task_text,
)  # fmt: skip
"""What it looks at for the texts of revisions."""

Starter: TypeAlias = "Service | Task | Target | Schedule"
T = TypeVar("T", TaskDefinition, TaskText)


@frozen
class InUse(Generic[T]):
    """
    A revision that something starts tasks of.

    Args:
        revision: The revision.

        starter: What starts them.

        by: The same in words.
    """

    revision: T
    starter: Starter
    by: str


def definition_of(holder: Starter | TaskFamily) -> TaskDefinition | None:
    """Return the revision that *holder* starts, or has as its newest."""
    return holder.task_definition


def text_of(holder: Starter | TaskFamily) -> TaskText | None:
    """Return the texts of the revision that *holder* starts, or has as its newest."""
    return holder.task_text


def in_use(
    family: str, region: str, account: Inventory, read: Callable[[Starter | TaskFamily], T | None]
) -> tuple[tuple[InUse[T], ...], Gap | None]:
    """
    Return the revisions of *family* that are in use, each once, as far as that could be seen, and what hides more.

    Args:
        family: The family's name.

        region: Its region.

        account: Where what starts its tasks is.

        read: `definition_of` or `text_of`.
    """
    found, hidden = account.once(("ecs.in-use", region, read), lambda: _in_region(region, account, read))
    return tuple(found.get(family, {}).values()), hidden


def every_in_use(
    region: str, account: Inventory, read: Callable[[Starter | TaskFamily], T | None]
) -> tuple[tuple[InUse[T], ...], Gap | None]:
    """Return those of all families; arguments as for `in_use`."""
    found, hidden = account.once(("ecs.in-use", region, read), lambda: _in_region(region, account, read))
    return tuple(use for uses in found.values() for use in uses.values()), hidden


def _in_region(
    region: str, account: Inventory, read: Callable[[Starter | TaskFamily], T | None]
) -> tuple[Mapping[str, dict[str, InUse[T]]], Gap | None]:
    found: dict[str, dict[str, InUse[T]]] = {}
    hidden = [unlisted.gap for kind in (Service, Task, Target, Schedule) for unlisted in account.unlisted(kind, region)]
    for starter in _starters(region, account):
        try:
            revision = read(starter)
        except EvidenceMissing as missing:
            hidden.append(missing.gap)
            continue
        if revision:
            use = InUse(revision, starter, _words(starter))
            found.setdefault(family_of(revision.arn), {}).setdefault(revision.arn, use)

    return found, next(iter(hidden), None)


def _starters(region: str, account: Inventory) -> Iterator[Starter]:
    return itertools.chain(
        account.seen(Service, region),
        account.seen(Task, region),
        account.seen(Target, region),
        account.seen(Schedule, region),
    )


def _words(starter: Starter) -> str:
    if isinstance(starter, Service):
        return f"the service {starter.arn.rpartition('/')[2]} starts"
    if isinstance(starter, Task):
        return "a task runs"
    if isinstance(starter, Schedule):
        return f"the schedule {starter.name} starts"

    return f"the target {starter.id} of a rule starts"


def judged(
    family: TaskFamily,
    account: Inventory,
    read: Callable[[Starter | TaskFamily], T | None],
    find: Callable[[T], Iterable[Problem]],
) -> Iterator[Problem | Note]:
    """
    Yield what *find* finds at the revisions of *family* that are in use; remarks on the newest one where none is.

    Args:
        family: The family.

        account: Where what starts its tasks is.

        read: `definition_of` or `text_of`.

        find: Judges a revision; its messages go on from "in api:7, …". It may raise NotApplicable.

    Raises:
        NotApplicable: *find* judges none of them.
        EvidenceMissing: Nothing was found, and what starts tasks could not all be seen.
        Undecided: Nothing was found, and *find* could not tell.
    """
    uses, hidden = in_use(family.name, family.region, account, read)
    if not uses:
        if hidden:
            raise EvidenceMissing(hidden)
        yield from _remarks(read(family), find)
        return
    reasons: list[NotApplicable] = []

    def told(use: InUse[T]) -> tuple[Problem, ...] | None:
        try:
            return tuple(_placed(problem, use) for problem in find(use.revision)) or None
        except NotApplicable as reason:
            reasons.append(reason)
            return None

    found = [problem for problems in certain(uses, told) for problem in problems]
    if hidden and not found:
        raise EvidenceMissing(hidden)
    if len(reasons) == len(uses):
        raise reasons[0]
    # What two revisions have is one problem.
    for sub_key in dict.fromkeys(problem.sub_key for problem in found):
        yield next(problem for problem in found if problem.sub_key == sub_key)


def _remarks(newest: T | None, find: Callable[[T], Iterable[Problem]]) -> Iterator[Note]:
    try:
        found = tuple(find(newest)) if newest else ()
    except Undecided:
        # What nothing starts is not worth a doubt.
        return
    for problem in found:
        yield Note(f"nothing uses it; in its newest revision {problem.message}")


def _placed(problem: Problem, use: InUse[T]) -> Problem:
    return evolve(problem, message=f"in {label(use.revision)}, which {use.by}, {problem.message}")


def label(revision: TaskDefinition | TaskText) -> str:
    """Return family and revision, as people write them."""
    return revision.arn.rpartition("/")[2]


def refuse_without_host(definition: TaskDefinition) -> None:
    """Raise NotApplicable for a revision whose tasks have no Linux host to themselves: on Fargate, and on Windows."""
    if "FARGATE" in definition.launch_types:
        raise NotApplicable("it is for Fargate, which has no host to share")
    if (definition.system or "").startswith("WINDOWS"):
        raise NotApplicable("it is for Windows, which knows no such thing")
