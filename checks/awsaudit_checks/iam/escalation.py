"""Which principals can give themselves more rights, by which way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.access.way import by_what
from awsaudit.resources.iam import Role, User
from awsaudit_checks.iam.alone import ANYTHING
from awsaudit_checks.iam.candidate import Candidate, candidates
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.recipe import RECIPES, Recipe, Target
from awsaudit_checks.iam.somewhere import somewhere, speaks_of
from awsaudit_checks.iam.strength import Strength, ask, holds, strength_of


# Whoever finds that many has seen enough.
_MOST: Final = 20
_MAKING: Final = frozenset({Target.NEW_ROLE, Target.NEW_USER})


@frozen
class Usable:
    """
    Something that a recipe works on.

    Args:
        arn: Its ARN.

        type: CloudFormation's name of its type, or a word.

        words: What it is, in a sentence.

        gains: The actions that are gained, each with the statements that allow it.

        by: The statements that let the principal do it.

        opened: What else opens the way, in words.

        also: Further actions that are done to it.
    """

    arn: str
    type: str
    words: str
    gains: Mapping[str, str]
    by: str
    opened: str
    also: tuple[str, ...] = ()

    @property
    def is_administrator(self) -> bool:
        """Whether it may do everything."""
        return ANYTHING in self.gains


@frozen
class Escalation:
    """
    A way by which a principal can give itself more rights.

    Args:
        recipe: The way.

        targets: On what it works, what gives most first.

        starts: The further actions that it takes, on anything.

        started_by: The statements that allow these.
    """

    recipe: Recipe
    targets: tuple[Usable, ...]
    starts: tuple[str, ...] = ()
    started_by: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        """All actions that it takes."""
        return (*self.recipe.actions, *self.targets[0].also, *self.starts)


def escalations(holder: Role | User, account: Inventory, recipes: Iterable[Recipe] = RECIPES) -> tuple[Escalation, ...]:
    """
    Return the ways by which *holder* can give itself more rights, on targets that exist.

    Args:
        holder: The principal.

        account: The account.

        recipes: The ways to look for; unset means all that are known.

    Raises:
        EvidenceMissing: None was found, and not everything could be seen.
        Undecided: None was found for certain, and one may be there.
    """
    return certain(recipes, lambda recipe: _way(recipe, holder, account))


def _way(recipe: Recipe, holder: Role | User, account: Inventory) -> Escalation | None:
    needed = any if recipe.partly else all
    if not needed(speaks_of(holder, action, account) for action in recipe.actions):
        return None
    starts = ((), "") if recipe.target in _MAKING or not recipe.starts else _start(recipe, holder, account)
    if starts is None:
        return None
    usable = _usable(recipe, holder, account)
    if not usable:
        return None
    targets = tuple(sorted(usable, key=lambda each: (not each.is_administrator, each.arn)))

    return Escalation(recipe, targets, *starts)


def _start(recipe: Recipe, holder: Role | User, account: Inventory) -> tuple[tuple[str, ...], str] | None:
    """Return the first of the recipe's sets of further actions that is allowed whole, with what allows it."""

    def allowed(actions: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
        if not all(speaks_of(holder, action, account) for action in actions):
            return None
        decisions = [somewhere(holder, action, account) for action in actions]
        return (actions, _joined(by_what(d) for d in decisions if d)) if all(decisions) else None

    return next(iter(certain(recipe.starts, allowed, most=1)), None)


def _joined(phrases: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(phrases))


def _usable(recipe: Recipe, holder: Role | User, account: Inventory) -> tuple[Usable, ...]:
    own = strength_of(holder, account)
    tried = candidates(recipe, holder, account)

    return certain(tried, lambda candidate: _tried(recipe, candidate, holder, own, account), most=_MOST)


def _tried(
    recipe: Recipe, candidate: Candidate, holder: Role | User, own: Strength, account: Inventory
) -> Usable | None:
    tagged = candidate.type in {Role.type, User.type}
    decisions = [ask(holder, a, candidate.arn, account, candidate.known, tagged=tagged) for a in recipe.actions]
    if not (any if recipe.partly else all)(decision.possible for decision in decisions):
        return None
    gains = candidate.gained().beyond(own)
    opened = candidate.opens() if gains else None
    if opened is None:
        return None
    allowed = [holds(decision) for decision in decisions]
    if not all(allowed):
        if recipe.partly and any(allowed):
            raise Undecided(f"it may {recipe.does.format(candidate.words)}: {recipe.partly}")
        return None

    by = _joined(map(by_what, decisions))
    return Usable(candidate.arn, candidate.type, candidate.words, gains, by, opened, candidate.also)
