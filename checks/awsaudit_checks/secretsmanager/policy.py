"""Secrets with their policies."""

from __future__ import annotations

from typing import Final

from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.exposed import Mend, Shared


PUT: Final = (
    "aws secretsmanager put-resource-policy --region {region} --secret-id {arn} --resource-policy {new_policy} "
    "--block-public-policy"
)
DELETE: Final = "aws secretsmanager delete-resource-policy --region {region} --secret-id {arn}"
MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=DELETE)


def shared(secret: Secret) -> Shared:
    """Return *secret* with its policy."""
    return Shared(secret.policy, f"the secret {secret.name}", secret.arn, Secret.type)
