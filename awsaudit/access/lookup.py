"""
The resources that questions can be asked about, and how they are found by what people call them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit.access.estate import KEYS, key_named
from awsaudit.access.question import (
    BUCKETS,
    BUSES,
    FUNCTIONS,
    QUEUES,
    REPOSITORIES,
    SECRETS,
    TOPICS,
    Asked,
)
from awsaudit.declare import Fact
from awsaudit.errors import EvidenceMissing
from awsaudit.inventory import Inventory
from awsaudit.resources.ecr import Repository
from awsaudit.resources.events import EventBus
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue


Kind = type[Secret] | type[Key] | type[Queue] | type[Topic] | type[Bucket] | type[Repository] | type[Function] | (
    type[EventBus] | type[Role]
)  # fmt: skip

OF_SERVICE: Final[Mapping[str, Kind]] = {
    "ecr": Repository,
    "events": EventBus,
    "iam": Role,
    "kms": Key,
    "lambda": Function,
    "s3": Bucket,
    "secretsmanager": Secret,
    "sns": Topic,
    "sqs": Queue,
}
"""The type of resource that questions about a service are about, by the service in ARNs."""

FACTS: Final[Mapping[Kind, tuple[Fact[Any], ...]]] = {
    Secret: SECRETS,
    Key: (*KEYS, Key.usage),
    Queue: QUEUES,
    Topic: TOPICS,
    Bucket: BUCKETS,
    Repository: REPOSITORIES,
    Function: FUNCTIONS,
    EventBus: BUSES,
    Role: (),
}
"""What a question about one resource of a type looks at, besides users and roles."""

LOOKED_UP: Final[tuple[Fact[Any], ...]] = tuple(dict.fromkeys(fact for facts in FACTS.values() for fact in facts))
"""What questions about all resources look at."""


def resource_named(arn: str, account: Inventory) -> tuple[Asked, str]:
    """
    Return the resource of the account that *arn* names, and what of it is meant.

    Args:
        arn: The ARN; of a bucket, ``/*`` and the like may follow, of a key it may be an alias's.

        account: What was collected.

    Raises:
        LookupError: The account has no such resource, or awsaudit reads no policies of its kind.
        EvidenceMissing: It could not be seen whether the account has it.
    """
    parts = [*arn.split(":"), "", "", "", ""]
    service, region = parts[2], parts[3]
    if service not in OF_SERVICE:
        raise LookupError(
            f"awsaudit reads no policies of {service or 'such resources'}; it answers for secrets, keys, queues, topics, "
            "buckets, repositories, functions, event buses and roles"
        )
    found: Asked | None
    below = ""
    if service == "s3":
        whole, slash, rest = arn.partition("/")
        found, below = account.first(Bucket, lambda bucket: bucket.arn == whole), f"{slash}{rest}"
    elif ":alias/" in arn:
        found = key_named(arn, region, account)
    else:
        found = account.by_arn(OF_SERVICE[service], arn)
    if found is None:
        raise LookupError(f"the account has no {arn}")

    return found, below


def called(name: str, kind: Kind, account: Inventory) -> tuple[str, ...]:
    """
    Return the ARNs of the resources of a type that people call *name*, of those that could be seen.

    Args:
        name: A name, a key's id or alias, a queue's URL, a bucket with what of it is meant, a secret's ARN without the six
            characters that AWS adds.

        kind: The type.

        account: What was collected.
    """
    bare, slash, rest = name.partition("/") if kind is Bucket else (name, "", "")
    if kind is Key and name.startswith("alias/"):
        keys = (_aliased(name, region, account) for region in account.regions)
        return tuple(dict.fromkeys(key.arn for key in keys if key))

    return tuple(f"{arn}{slash}{rest}" for arn, names in names_of(kind, account) if bare in names)


def _aliased(name: str, region: str, account: Inventory) -> Key | None:
    try:
        return key_named(name, region, account)
    except EvidenceMissing:
        return None


def names_of(kind: Kind, account: Inventory) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the ARN of each resource of a type that could be seen, with what people call it."""
    for resource in account.seen(kind):
        try:
            yield resource.arn, tuple(_names(resource))
        except EvidenceMissing:
            continue


def _names(resource: Asked) -> Iterator[str]:
    tail = resource.arn.split(":", 5)[-1]
    yield tail.partition("/")[2] if isinstance(resource, Key | Role | Repository | EventBus) else tail
    if isinstance(resource, Key):
        yield resource.id
    else:
        yield resource.name
    if isinstance(resource, Queue):
        yield resource.url
    if isinstance(resource, Secret):
        yield resource.arn.rpartition("-")[0]


def fitting(action: str, resource: Asked) -> bool:
    """Tell whether *action* can be done to *resource*: a key either signs or encrypts."""
    if not isinstance(resource, Key) or action == "kms:ScheduleKeyDeletion":
        return True
    try:
        return (resource.usage == "SIGN_VERIFY") == (action == "kms:Sign")
    except EvidenceMissing:
        return True
