"""What IAM policies of a role allow."""

from __future__ import annotations

import functools
import re

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.parser import texts
from awsaudit.resources.iam import ManagedPolicy, Role


@frozen
class Statement:
    """
    One statement of a policy document.

    Args:
        allow: Whether it allows; else it denies.

        actions: Patterns of the actions it names, in lower case; empty where it names those it is not about.

        other_actions: Patterns of the actions it is not about, where it is written with NotAction.

        resources: Patterns of the resources it names; empty where it is written with NotResource.

        conditional: Whether it holds on conditions only.
    """

    allow: bool
    actions: tuple[str, ...]
    other_actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditional: bool

    def is_about(self, action: str) -> bool:
        """Tell whether it allows or denies *action* on some resource."""
        if self.other_actions:
            return not any(matches(pattern, action) for pattern in self.other_actions)

        return any(matches(pattern, action) for pattern in self.actions)

    def stays_within(self, patterns: Iterable[str]) -> bool:
        """Tell whether each of its actions is one that *patterns* match; NotAction never does."""
        known = tuple(patterns)
        return bool(self.actions) and all(any(matches(p, action) for p in known) for action in self.actions)


@frozen
class Held:
    """
    A policy that a role holds.

    Args:
        name: Its name.

        arn: Its ARN; None for an inline policy.

        statements: What it says.
    """

    name: str
    arn: str | None
    statements: tuple[Statement, ...]


def matches(pattern: str, action: str) -> bool:
    """Tell whether *pattern*, with ``*`` and ``?``, covers *action*, whatever the case of the letters."""
    return _expression(pattern.lower()).fullmatch(action.lower()) is not None


@functools.lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def statements_of(document: Mapping[str, Any] | None) -> Iterator[Statement]:
    """Yield the statements of a policy *document*."""
    found = (document or {}).get("Statement", ())
    for statement in found if isinstance(found, list) else [found]:
        yield Statement(
            allow=statement.get("Effect") == "Allow",
            actions=tuple(action.lower() for action in texts(statement.get("Action"))),
            other_actions=tuple(action.lower() for action in texts(statement.get("NotAction"))),
            resources=texts(statement.get("Resource")),
            conditional=bool(statement.get("Condition")),
        )


def held_by(role: Role, account: Inventory, known: Collection[str] = ()) -> Iterator[Held]:
    """
    Yield the policies that *role* holds, inline ones first, without those of AWS's own that are *known*.

    Args:
        role: The role.

        account: Where the managed policies are.

        known: Names of AWS's own policies whose rights are no question.

    Raises:
        Undecided: AWS does not tell what one of them says.
        EvidenceMissing: The policies could not be read.
    """
    for inline in role.inline:
        yield Held(inline.name, None, tuple(statements_of(inline.document)))
    for attached in role.attached:
        if _by_aws(attached.arn) and attached.name in known:
            continue
        yield Held(attached.name, attached.arn, tuple(statements_of(_document(attached.arn, account))))


def _by_aws(arn: str) -> bool:
    return ":iam::aws:policy/" in arn


def _document(arn: str, account: Inventory) -> Mapping[str, Any]:
    found = account.first(ManagedPolicy, lambda policy: policy.arn == arn)
    if found is None or found.document is None:
        raise Undecided(f"AWS does not tell what {arn} allows")

    return found.document


def allowed(held: Iterable[Held], policy: Held, actions: Iterable[str]) -> tuple[str, ...]:
    """
    Return those of *actions* that *policy* allows and nothing in *held* denies outright.

    Args:
        held: Every policy of the role, *policy* among them.

        policy: The policy in question.

        actions: Actions without wildcards, such as ``iam:PassRole``.
    """
    refusals = [s for h in held for s in h.statements if not s.allow and not s.conditional and "*" in s.resources]
    grants = [s for s in policy.statements if s.allow]

    return tuple(
        action
        for action in actions
        if any(s.is_about(action) for s in grants) and not any(s.is_about(action) for s in refusals)
    )
