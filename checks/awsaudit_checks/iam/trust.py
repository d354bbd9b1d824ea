"""Roles with their trust policies."""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Final

from awsaudit import NotApplicable
from awsaudit.access import PolicyKind
from awsaudit.resources.iam import Role
from awsaudit_checks.exposed import Mend, Shared


UPDATE: Final = "aws iam update-assume-role-policy --role-name {name} --policy-document {trust_policy}"
ASSUMING: Final = ("sts:AssumeRole",)
# A trust policy needs a statement. Where none is left, one that lets nobody in keeps the role and its rights.
_NOBODY: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}],
}


def shared(role: Role) -> Shared:
    """
    Return *role* with its trust policy.

    Raises:
        NotApplicable: It is a service-linked role.
    """
    refuse_service_linked(role)

    return Shared(role.trust, f"the role {role.name}", role.arn, Role.type, PolicyKind.TRUST, "its trust policy")


def refuse_service_linked(role: Role) -> None:
    """
    Raise where nobody but AWS edits *role*.

    Raises:
        NotApplicable: It is a service-linked role.
    """
    if role.path.startswith("/aws-service-role/"):
        raise NotApplicable("a service-linked role, which only its service uses and nobody edits")


def filled(policy: str | None) -> Mapping[str, str]:
    """Return what fills the command that gives a role a trust policy."""
    return {"trust_policy": policy or json.dumps(_NOBODY, separators=(",", ":"))}


MEND: Final = Mend(filled)
