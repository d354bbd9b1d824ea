"""Whether a role can change anything, or only read."""

from __future__ import annotations

import re

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Inventory
from awsaudit.access import Policy, Statement, Unread, identity_of, may, policies_of, raise_unread, settled
from awsaudit.access.action import expand
from awsaudit.access.pattern import glob
from awsaudit.access.way import by_what
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.somewhere import patterns_of, somewhere


@frozen
class Written:
    """
    An action by which a role changes something, or comes by what does.

    Args:
        action: The action.

        by: The statements that allow it.
    """

    action: str
    by: str

    @property
    def words(self) -> str:
        """What it may do, in words."""
        return (
            "do nearly everything" if self.action == ANYTHING else self.action.replace(NOBODY_NAMES.capitalize(), "*")
        )


# How AWS calls what reads. Where a name tells nothing, it counts as writing.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_READS: Final = re.compile(
    r"[a-z0-9-]+:(batch(get|describe|check|list)|get|list|describe|head|search|lookup|query|scan|select|view|read|check"
    r"|validate|simulate|preview|estimate|filter|detect|discover|download|verify|count|retrieve|decode|decrypt)",
    re.IGNORECASE,
)
_READS_TOO: Final = frozenset({"sts:tagsession", "sts:setsourceidentity", "logs:startquery", "logs:stopquery"})
# Whoever has these has what writes, or passwords to it.
_CREDENTIALS: Final = (
    "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter", "ssm:GetParameters",
    "ssm:GetParametersByPath", "ssm:GetParameterHistory", "sts:AssumeRole", "sts:GetFederationToken",
)  # fmt: skip


def written(role: Role, account: Inventory) -> Written | None:
    """
    Return something that *role* may change, or a secret that it may read; None if it can only read what is no secret.

    Raises:
        EvidenceMissing: Nothing was found, and a policy was refused.
        Undecided: Nothing was found, and a policy cannot be read, or hangs on tags that are not known.
    """
    return account.once(("iam.written", role.arn), lambda: _written(role, account))


def _written(role: Role, account: Inventory) -> Written | None:
    found = certain(_candidates(role, account), lambda action: _allowed(role, action, account), most=1)
    return found[0] if found else None


def _allowed(role: Role, action: str, account: Inventory) -> Written | None:
    decision = somewhere(role, action, account)
    if decision is not None:
        return Written(action, by_what(decision))
    for pattern in patterns_of(role, action, account):
        # Of another account, or something that leaves to its own policy who may do it.
        decision = may(role, action, account, resource=pattern)
        if settled(decision, conditional=True):
            return Written(action, by_what(decision))

    return None


def _candidates(role: Role, account: Inventory) -> Iterator[str]:
    """
    Yield the actions that are no reads and that a policy of *role* speaks of, wildcards as what they stand for.

    Raises:
        EvidenceMissing: After them, where a policy was refused.
        Undecided: The same, where one cannot be read.
    """
    allowing = [s for p in identity_of(role, account) if isinstance(p, Policy) for s in p.statements if s.allow]
    named = _named(role, account)
    seen: dict[str, None] = {}
    for statement in allowing:
        for action in (*_of(statement), *(n for n in named if statement.is_about(n))):
            if not _reads(action):
                seen[action] = None
    yield from seen
    for layer in identity_of(role, account):
        if isinstance(layer, Unread):
            raise_unread(layer)


def _of(statement: Statement) -> Iterator[str]:
    yield from (action for action in (ANYTHING, *_CREDENTIALS) if statement.is_about(action))
    for action in statement.actions:
        verb = action.partition(":")[2]
        if not _READS.match(action.partition("*")[0].partition("?")[0]) and verb:
            yield from expand(action) if not set(action) & {"*", "?"} else _stand_for(action)


def _stand_for(action: str) -> Iterator[str]:
    yield from (each for each in expand(action) if not set(each) & {"*", "?"})
    yield action.replace("*", NOBODY_NAMES.capitalize()).replace("?", "x")


def _named(role: Role, account: Inventory) -> tuple[str, ...]:
    """Return the actions that policies of *role* and those that bind it spell out."""
    held = policies_of(role, account)
    layers = (*held.identity, held.boundary, *(layer for level in held.scps for layer in level))
    texts = (a for p in layers if isinstance(p, Policy) for s in p.statements for a in (*s.actions, *s.not_actions))

    return tuple(dict.fromkeys(text for text in texts if ":" in text and not set(text) & {"*", "?"}))


def _reads(action: str) -> bool:
    if any(glob(each, fold=True).matches(action) for each in _CREDENTIALS):
        return False

    return bool(_READS.match(action)) or action.lower() in _READS_TOO
