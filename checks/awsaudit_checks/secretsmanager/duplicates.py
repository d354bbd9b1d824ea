import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit.resources.ecs import Service
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.pending_deletion_in_use import names_secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned, refuse_replica


# What people put behind the name of what they have twice. Numbers are none of them: validator-1 and validator-2 are two.
_COPIES: Final = frozenset(
    {"backup", "bak", "copy", "deprecated", "new", "old", "orig", "original", "previous", "temp", "tmp"}
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", re.ASCII)


@check(
    "secretsmanager-duplicates",
    title="There are no duplicate secrets",
    severity=Severity.LOW,
    uses=(
        Project.name, Project.variables, Secret.arn, Secret.accessed, Secret.created, Secret.deleted, Secret.name,
        Secret.owner, Secret.primary_region, Secret.tags, Service.arn, Service.task_definition,
    ),
    remediation=Remediation(
        text="See which of the two its readers use, move all of them to that one and delete the other.",
        cli=None,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    ),
)  # fmt: skip
def duplicates(secret: Secret, account: Inventory) -> Iterator[Problem]:
    """
    Of two copies of a credential one is rotated and the other forgotten, readable as before. No value is ever read: two
    secrets of a region are taken for copies where their names are the same but for separators, case, and words such as old
    or copy, and they carry the same tags or one ECS service or build project names both. The one that was used less
    recently is told of.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    refuse_owned(secret)
    stems = account.once(
        ("secretsmanager.stems", secret.region), lambda: _by_stem(account.every(Secret, secret.region))
    )
    for twin in stems.get(_stem(secret.name), ()):
        if twin.arn != secret.arn and _used(secret) < _used(twin):
            why = _likeness(secret, twin, account)
            if why:
                yield Problem(
                    f"it looks like a copy of {twin.name}: {why}",
                    expected="one secret",
                    found=f"{secret.name} and {twin.name}",
                    sub_key=twin.arn,
                )


def _by_stem(secrets: Iterable[Secret]) -> Mapping[tuple[str, ...], tuple[Secret, ...]]:
    found: dict[tuple[str, ...], list[Secret]] = {}
    for secret in secrets:
        if not (secret.deleted or secret.is_replica or secret.owner):
            found.setdefault(_stem(secret.name), []).append(secret)

    return {stem: tuple(alike) for stem, alike in found.items()}


def _stem(name: str) -> tuple[str, ...]:
    words = [word.lower() for word in _WORD.findall(name)]
    kept = [word for word in words if word not in _COPIES]

    return tuple(kept or words)


def _used(secret: Secret) -> tuple[float, float, str]:
    """Return what orders secrets by their last use, then by age, the older one last."""
    used = secret.accessed.timestamp() if secret.accessed else 0.0
    return (used, -secret.created.timestamp(), secret.arn)


def _likeness(secret: Secret, twin: Secret, account: Inventory) -> str | None:
    if _tags(secret) == _tags(twin):
        return "names and tags are alike"
    users: list[Service | Project] = [*account.every(Service, secret.region), *account.every(Project, secret.region)]
    user = account.first_of(users, lambda each: names_secret(each, secret) and names_secret(each, twin))

    return f"{user.arn} names both" if user else None


def _tags(secret: Secret) -> Mapping[str, str]:
    return {key: value for key, value in secret.tags.items() if not key.startswith("aws:")}
