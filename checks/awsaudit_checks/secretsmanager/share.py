"""Whom the resource policy of a secret lets read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsaudit.access import Policy, PolicyKind, attached_to, exposure
from awsaudit.resources.secretsmanager import Secret


def admits_other_account(document: Mapping[str, Any] | None, secret: Secret) -> bool:
    """Tell whether *document* plainly lets another account than the secret's own read it, be it one that everybody knows."""
    policy = attached_to(document, f"the secret {secret.name}", PolicyKind.RESOURCE)
    if not isinstance(policy, Policy):
        return False
    asked = ("secretsmanager:GetSecretValue",)
    found = exposure(policy, owner=secret.account, resource=secret.arn, actions=asked)

    return any(not opening.depends_on for opening in (*found.public, *found.cross_account))
