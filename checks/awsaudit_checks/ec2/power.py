"""What a role brings to whoever takes over a host: everything, a way to more, secrets, signing keys, Terraform state."""

from __future__ import annotations

import functools
import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory
from awsaudit.access import BUCKETS, SECRETS, answer, is_administrator, question, settled
from awsaudit.access.way import by_what
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.exposed import may_do
from awsaudit_checks.iam.candidate import CANDIDATES
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.escalation import escalations


POWER: Final = (*CANDIDATES, *SECRETS, *BUCKETS, Secret.deleted, Key.usage, Key.manager, Bucket.tags)
"""What `prizes` and `escalation` look at, for the ``uses`` of a check."""

_STATE: Final = re.compile(r"tf-?state|terraform-?state|terragrunt", re.IGNORECASE)
_Thing = Secret | Key | Bucket


@frozen
class Prize:
    """
    Something that whoever takes over the host comes by.

    Args:
        verb: How, such as ``reads the``.

        noun: What kind of thing it is, such as ``secret``.

        name: What people call it.

        action: The action that it takes.

        resource: The ARN that it takes it on.

        hop: The step from the role to it.
    """

    verb: str
    noun: str
    name: str
    action: str
    resource: str
    hop: Hop


def prizes(role: Role, account: Inventory) -> tuple[Prize, ...]:
    """
    Return the secrets and the Terraform state that *role* reads, and the keys that it signs with.

    Raises:
        EvidenceMissing, Undecided: Nothing was found, and not everything could be seen.
    """
    return certain(_things(account), lambda thing: _prize(role, thing, account))


def escalation(role: Role, account: Inventory) -> Hop | None:
    """
    Return a way by which *role* gives itself more rights, as a step; None if there is none.

    Raises:
        EvidenceMissing, Undecided: None was found, and not everything could be seen.
    """
    if is_administrator(role, account):
        return None
    way = next(iter(escalations(role, account)), None)
    if way is None:
        return None
    best = way.targets[0]

    return Hop(best.arn, best.type, f"{may_do(way.actions)}: {best.by}")


def _things(account: Inventory) -> Iterator[_Thing]:
    for secret in account.seen(Secret):
        if not secret.deleted:
            yield secret
    for key in account.seen(Key):
        if key.manager == "CUSTOMER" and key.usage == "SIGN_VERIFY":
            yield key
    for bucket in account.seen(Bucket):
        if _STATE.search(bucket.name) or any(_STATE.search(text) for pair in bucket.tags.items() for text in pair):
            yield bucket
    for kind in (Secret, Key, Bucket):
        account.every(kind)


def _prize(role: Role, thing: _Thing, account: Inventory) -> Prize | None:
    verb, noun, action, below, name = _wanted(thing)
    asked = account.once(("ec2.power", thing.arn), functools.partial(question, action, thing, account, below=below))
    decision = answer(asked, role, account)
    if not settled(decision):
        return None
    found = Prize(verb, noun, name, action, asked.resource, Hop(thing.arn, type(thing).type))

    return evolve(found, hop=evolve(found.hop, by=f"{action}: {by_what(decision)}"))


def _wanted(thing: _Thing) -> tuple[str, str, str, str, str]:
    """Return how it is said, what kind of thing it is, the action, what of it is meant, and its name."""
    if isinstance(thing, Secret):
        return "reads the", "secret", "secretsmanager:GetSecretValue", "", thing.name
    if isinstance(thing, Key):
        return "signs with the", "key", "kms:Sign", "", thing.id

    return "reads the", "Terraform state in", "s3:GetObject", "/*", thing.name


def told(found: Iterable[Prize]) -> str:
    """Return *found* as a phrase, those of one sort together: reads the secrets a, b and 3 more."""
    sorts: dict[tuple[str, str], list[str]] = {}
    for prize in found:
        sorts.setdefault((prize.verb, prize.noun), []).append(prize.name)

    return "; ".join(f"{verb} {_plural(noun, names)} {_some(names)}" for (verb, noun), names in sorts.items())


_SHOWN: Final = 3
_PLURALS: Final[Mapping[str, str]] = {"secret": "secrets", "key": "keys"}


def _plural(noun: str, names: list[str]) -> str:
    return noun if len(names) == 1 else _PLURALS.get(noun, noun)


def _some(names: list[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
