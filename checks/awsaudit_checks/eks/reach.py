"""What of the account's own a role reaches."""

from __future__ import annotations

import functools

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, Undecided
from awsaudit.access import (
    BUCKETS,
    REPOSITORIES,
    RIGHTS,
    SECRETS,
    Question,
    Verdict,
    anonymous,
    answer,
    answer_outsider,
    question,
    raise_unread,
)
from awsaudit.declare import Resource
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.ecr import Repository
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.secretsmanager import Secret


REACH: Final = (*RIGHTS, *SECRETS, *BUCKETS, *REPOSITORIES, Secret.deleted, Key.usage, Key.manager)
"""What `reached` looks at."""


@frozen
class Reached:
    """
    Something that a role may do to a resource of the account.

    Args:
        verb: What, in a word: reads, decrypts with, signs with, pushes to, writes to.

        noun: What kind of thing it is, such as ``secret``.

        name: What people call it.

        hop: The step from the role to it.
    """

    verb: str
    noun: str
    name: str
    hop: Hop


# The kind, the action, what of the resource is meant, and how it is said; the worst first.
_WANTED: Final[tuple[tuple[type[Resource], str, str, str, str], ...]] = (
    (Secret, "secretsmanager:GetSecretValue", "", "reads", "secret"),
    (Key, "kms:Sign", "", "signs with", "key"),
    (Key, "kms:Decrypt", "", "decrypts with", "key"),
    (Repository, "ecr:PutImage", "", "pushes to", "repository"),
    (Bucket, "s3:PutObject", "/*", "writes to", "bucket"),
    (Bucket, "s3:GetObject", "/*", "reads", "bucket"),
)


def reached(role: Role, account: Inventory) -> tuple[Reached, ...]:
    """
    Return what *role* reaches for certain: secrets, keys, repositories to push to, and buckets.

    Raises:
        EvidenceMissing: Nothing was found, and not everything could be seen.
        Undecided: Nothing was found, and a policy cannot be read.
    """
    found: dict[tuple[str, str], Reached] = {}
    missing: EvidenceMissing | None = None
    for kind, action, below, verb, noun in _WANTED:
        try:
            for name, hop in _of_kind(role, kind, action, below, account):
                found.setdefault((noun, hop.resource), Reached(verb, noun, name, hop))
        except EvidenceMissing as hidden:
            missing = missing or hidden
    if missing and not found:
        raise missing

    return tuple(found.values())


def _of_kind(
    role: Role, kind: type[Resource], action: str, below: str, account: Inventory
) -> Iterator[tuple[str, Hop]]:
    unread = None
    for resource in _those(kind, action, account):
        asked = account.once(
            ("eks.reach", action, resource.arn), functools.partial(question, action, resource, account, below=below)
        )
        decision = answer(asked, role, account)
        if decision.allowed and not _is_anybodys(asked, account):
            name = resource.id if isinstance(resource, Key) else resource.name
            yield name, Hop(resource.arn, kind.type, f"{action}: {decision.allowed_by[0]}")
        elif decision.verdict is Verdict.CONDITIONAL and decision.unread:
            unread = unread or decision.unread[0]
    account.every(kind)
    if unread:
        raise_unread(unread)


def _is_anybodys(asked: Question, account: Inventory) -> bool:
    """
    Tell whether everybody on the internet may do what is asked: that is no matter of the role.

    Raises:
        Undecided: It hangs on S3 Block Public Access, which could not be seen.
    """
    key = ("eks.anybodys", asked.action, asked.resource)
    if not account.once(key, lambda: answer_outsider(evolve(asked, restricted=False), anonymous()).allowed):
        return False
    if asked.restricted is None:
        raise Undecided(
            f"whether everybody gets at {asked.resource} anyway hangs on S3 Block Public Access, which is unseen"
        )

    return not asked.restricted


def _those(kind: type[Resource], action: str, account: Inventory) -> Iterator[Secret | Key | Repository | Bucket]:
    for resource in account.seen(kind):
        if isinstance(resource, Secret) and not resource.deleted:
            yield resource
        elif isinstance(resource, Key) and resource.manager == "CUSTOMER":
            if (resource.usage == "SIGN_VERIFY") == (action == "kms:Sign"):
                yield resource
        elif isinstance(resource, Repository | Bucket):
            yield resource


def told(things: Iterable[Reached]) -> str:
    """Return *things* as a phrase, those of one sort together: reads the secrets a, b and 3 more."""
    sorts: dict[tuple[str, str], list[str]] = {}
    for thing in things:
        sorts.setdefault((thing.verb, thing.noun), []).append(thing.name)

    return "; ".join(f"{verb} the {_plural(noun, names)} {_some(names)}" for (verb, noun), names in sorts.items())


_SHOWN: Final = 3
_PLURALS: Final[Mapping[str, str]] = {"repository": "repositories"}


def _plural(noun: str, names: list[str]) -> str:
    return noun if len(names) == 1 else _PLURALS.get(noun, f"{noun}s")


def _some(names: list[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
