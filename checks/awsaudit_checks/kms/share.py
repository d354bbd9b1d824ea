"""Keys with their policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from awsaudit import NotApplicable
from awsaudit.access import PolicyKind, parse_policy
from awsaudit.resources.kms import Key
from awsaudit_checks.exposed import Mend, Shared


PUT: Final = "aws kms put-key-policy --region {region} --key-id {id} --policy-name default --policy {new_policy}"


def filled(policy: str | None) -> Mapping[str, str]:
    """Return what fills the command; nothing where KMS refuses the policy, as it names nobody who could replace it again."""
    read = parse_policy(policy, PolicyKind.KEY) if policy else None
    if read and any(s.allow and s.is_about("kms:PutKeyPolicy") for s in read.statements):
        return {"new_policy": str(policy)}

    return {}


MEND: Final = Mend(filled)


def shared(key: Key) -> Shared:
    """
    Return *key* with its policy.

    Raises:
        NotApplicable: AWS manages it, and writes its policy.
    """
    if key.manager != "CUSTOMER":
        raise NotApplicable("AWS manages the key, and writes its policy")

    return Shared(key.policy, f"the key {key.id}", key.arn, Key.type, PolicyKind.KEY)
