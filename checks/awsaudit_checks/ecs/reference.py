"""What task definitions name in Secrets Manager and Parameter Store."""

from __future__ import annotations

import re

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.resources.iam import Role
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import Parameter
from awsaudit.resources.task_definition import TaskDefinition


READ_SECRET: Final = "secretsmanager:GetSecretValue"  # noqa: S105 - an action
READ_PARAMETER: Final = "ssm:GetParameters"

# What AWS appends to the name of a secret.
_TAIL: Final = re.compile(r"-[A-Za-z0-9]{6}")
_LAST: Final = 7  # parts of an ARN of a secret; what follows is a JSON key, a version's label and its id


@frozen
class Reference:
    """
    Something that a task definition names.

    Args:
        text: What stands there.

        arn: The ARN that it means; of a secret perhaps without the six characters at the end.

        is_secret: Whether it is in Secrets Manager; else it is in Parameter Store.
    """

    text: str
    arn: str
    is_secret: bool


def references_of(definition: TaskDefinition) -> Iterator[Reference]:
    """Yield what *definition* names, each once."""
    credentials = {each.credentials for each in definition.containers}
    for text in definition.secrets:
        yield _reference(text, definition, is_secret=text in credentials)


def _reference(text: str, definition: TaskDefinition, *, is_secret: bool) -> Reference:
    """
    Return what *text* means: a name is a parameter's, and that of a secret only where a registry's credentials are named.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RepositoryCredentials.html
    """
    parts = text.split(":")
    if text.startswith("arn:") and parts[2:3] == ["secretsmanager"]:
        return Reference(text, ":".join(parts[:_LAST]), is_secret=True)
    if text.startswith("arn:"):
        return Reference(text, ":".join(parts[:6]), is_secret=False)
    partition, _, region, account = definition.arn.split(":")[1:5]
    if is_secret:
        return Reference(text, f"arn:{partition}:secretsmanager:{region}:{account}:secret:{text}", is_secret=True)

    return Reference(
        text, f"arn:{partition}:ssm:{region}:{account}:parameter/{parts[0].removeprefix('/')}", is_secret=False
    )


def secret_at(reference: Reference, account: Inventory) -> Secret | None:
    """
    Return the secret that *reference* means; None if the account has none such.

    Raises:
        EvidenceMissing: It is in another account or a region that is not scanned, or could not be seen.
    """
    found = account.by_arn(Secret, reference.arn)
    return found or account.first(Secret, lambda secret: means(reference, secret), reference.arn.split(":")[3])


def means(reference: Reference, secret: Secret) -> bool:
    """Tell whether *reference* means *secret*, whose ARN may be written without its end."""
    rest = secret.arn.removeprefix(reference.arn)
    return rest == "" or (secret.arn.startswith(reference.arn) and _TAIL.fullmatch(rest) is not None)


def parameter_at(reference: Reference, account: Inventory) -> Parameter | None:
    """
    Return the parameter that *reference* means; None if the account has none such.

    Raises:
        EvidenceMissing: It is in another account or a region that is not scanned, or could not be seen.
        Undecided: It is one of AWS's own, which are not listed.
    """
    if ":parameter/aws/" in reference.arn:
        raise Undecided(f"{reference.text} is a parameter of AWS's own, which is not listed")

    return account.by_arn(Parameter, reference.arn)


def role_named(role: str, account: Inventory) -> Role | None:
    """
    Return the role that a task definition names, by name or ARN; None if the account has none such.

    Raises:
        EvidenceMissing: It is in another account, or could not be seen.
    """
    if role.startswith("arn:"):
        return account.by_arn(Role, role)

    return account.first(Role, lambda each: each.name == role.rpartition("/")[2])
