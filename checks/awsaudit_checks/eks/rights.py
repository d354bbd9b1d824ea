"""What policies of a role allow, policy by policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.access import Policy, PolicyKind, Statement, read_policy, readable
from awsaudit.access.pattern import glob
from awsaudit.resources.iam import ManagedPolicy, Role


@frozen
class Held:
    """
    A policy that a role holds.

    Args:
        name: Its name.

        arn: Its ARN; None for an inline policy.

        policy: What it says.
    """

    name: str
    arn: str | None
    policy: Policy


def stays_within(statement: Statement, patterns: Iterable[str]) -> bool:
    """Tell whether each action that *statement* names is one that *patterns* cover; NotAction never is."""
    known = [glob(pattern.lower()) for pattern in patterns]
    named = [glob(action.lower()) for action in statement.actions]

    return bool(named) and all(any(pattern.covers(action) for pattern in known) for action in named)


def policy_of(document: Mapping[str, Any] | None, name: str) -> Policy:
    """
    Return the policy that *document* is.

    Raises:
        Undecided: AWS does not tell it, or it is none.
    """
    if document is None:
        raise Undecided(f"AWS does not tell what {name} allows")
    policy = readable(read_policy(document, PolicyKind.IDENTITY, name))
    if policy is None:
        raise Undecided(f"{name} is no policy")

    return policy


def managed(arn: str, account: Inventory) -> Policy:
    """
    Return the managed policy with *arn*.

    Raises:
        Undecided: AWS does not tell it.
        EvidenceMissing: It could not be read.
    """
    found = account.first(ManagedPolicy, lambda policy: policy.arn == arn)
    return policy_of(found.document if found else None, arn)


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
        yield Held(inline.name, None, policy_of(inline.document, inline.name))
    for attached in role.attached:
        if not (_by_aws(attached.arn) and attached.name in known):
            yield Held(attached.name, attached.arn, managed(attached.arn, account))


def _by_aws(arn: str) -> bool:
    return ":iam::aws:policy/" in arn


def allowed(held: Iterable[Held], policy: Held, actions: Iterable[str]) -> tuple[str, ...]:
    """
    Return those of *actions* that *policy* allows and nothing in *held* denies outright.

    Args:
        held: Every policy of the role, *policy* among them.

        policy: The policy in question.

        actions: Actions without wildcards, such as ``iam:PassRole``.
    """
    refusals = [s for h in held for s in h.policy.statements if not s.allow and not s.conditions and "*" in s.resources]
    grants = [s for s in policy.policy.statements if s.allow]

    return tuple(
        action
        for action in actions
        if any(s.is_about(action) for s in grants) and not any(s.is_about(action) for s in refusals)
    )
