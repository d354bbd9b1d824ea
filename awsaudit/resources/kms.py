"""
AWS Key Management Service.

https://docs.aws.amazon.com/kms/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.parser import (
    document,
    many,
    optional_flag,
    optional_integer,
    optional_moment,
    optional_text,
    record,
    text,
    texts,
)


LIST = Call("ListKeys", result="Keys[]")
# Other services name their keys by ARN, too: the same question is sent once a scan.
DESCRIBE = Call("DescribeKey", result="KeyMetadata", params={"KeyId": "$KeyArn"}, gone=("NotFoundException",))
# Only these keys rotate by themselves at their owner's will; of disabled keys and of those to be deleted AWS says false.
# https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
ROTATION = Call(
    "GetKeyRotationStatus",
    params={"KeyId": "$KeyArn"},
    when=From(
        DESCRIBE,
        "KeyManager == 'CUSTOMER' && KeySpec == 'SYMMETRIC_DEFAULT' && Origin == 'AWS_KMS' && KeyState == 'Enabled' "
        "&& (MultiRegion != `true` || MultiRegionConfiguration.MultiRegionKeyType == 'PRIMARY')",
    ),
    gone=("NotFoundException",),
    answer_code=("UnsupportedOperationException",),
)


# The policies of AWS's own keys are AWS's.
POLICY = Call(
    "GetKeyPolicy",
    params={"KeyId": "$KeyArn", "PolicyName": "default"},
    when=From(DESCRIBE, "KeyManager == 'CUSTOMER'"),
    gone=("NotFoundException",),
)
GRANTS = Call(
    "ListGrants",
    result="Grants[]",
    params={"KeyId": "$KeyArn"},
    when=From(DESCRIBE, "KeyManager == 'CUSTOMER'"),
    gone=("NotFoundException",),
)


@frozen
class Grant:
    """
    What lets a principal use a key besides its policy.

    Args:
        id: The grant's id.

        grantee: Who may: the ARN of a principal, or a service.

        retiring: Who may take it back besides: the ARN of a principal, or a service; None if nobody.

        operations: What: ``Decrypt``, ``GenerateDataKey`` and so on.

        encryption_context_equals: The encryption context has to be this; None if it may be any.

        encryption_context_subset: The encryption context has to hold this; None if it may be any.

        issuing_account: The account that it was made in, as the ARN of its root user.

        source_arn: The resource on whose behalf requests have to be made; None if they may be on any.
    """

    id: str
    grantee: str
    retiring: str | None
    operations: tuple[str, ...]
    encryption_context_equals: Mapping[str, str] | None = None
    encryption_context_subset: Mapping[str, str] | None = None
    issuing_account: str | None = None
    source_arn: str | None = None


def _context(value: Any) -> Mapping[str, str] | None:
    return {text(k): text(v) for k, v in value.items()} if value else None


GRANT = record(
    Grant,
    id=("GrantId", text),
    # Where it names a service, that is the one: the other field may stand for several principals of it.
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html
    grantee=("GranteeServicePrincipal || GranteePrincipal", text),
    retiring="RetiringServicePrincipal || RetiringPrincipal",
    operations=("Operations", texts),
    encryption_context_equals=("Constraints.EncryptionContextEquals", _context),
    encryption_context_subset=("Constraints.EncryptionContextSubset", _context),
    issuing_account="IssuingAccount",
    source_arn="Constraints.SourceArn",
)


class Key(Resource):
    """A KMS key of the account: its own, or one that AWS manages in it."""

    service: ClassVar[str] = "kms"
    type: ClassVar[str] = "AWS::KMS::Key"
    listing: ClassVar[Call] = LIST

    id = Fact(LIST, "KeyId", text, "The key's id.")
    arn = Fact(LIST, "KeyArn", text, "The key's ARN.")
    manager = Fact(DESCRIBE, "KeyManager", text, "``CUSTOMER``, or ``AWS`` for a key that a service made.")
    spec = Fact(DESCRIBE, "KeySpec", text, "``SYMMETRIC_DEFAULT``, ``RSA_2048``, ``HMAC_256`` and so on.")
    origin = Fact(DESCRIBE, "Origin", text, "``AWS_KMS``, ``EXTERNAL``, ``AWS_CLOUDHSM`` or ``EXTERNAL_KEY_STORE``.")
    state = Fact(DESCRIBE, "KeyState", text, "``Enabled``, ``Disabled``, ``PendingDeletion`` and so on.")
    deletion_date = Fact(
        DESCRIBE, "DeletionDate", optional_moment, "When AWS deletes it; unset unless that is certain, see the state."
    )
    deletion_window = Fact(
        DESCRIBE,
        "PendingDeletionWindowInDays",
        optional_integer,
        "Days from the deletion of the last replica to that of its primary; unset unless it waits for its replicas.",
    )
    multi_region_kind = Fact(
        DESCRIBE,
        "MultiRegionConfiguration.MultiRegionKeyType",
        optional_text,
        "``PRIMARY`` or ``REPLICA``; unset for a key of one region.",
    )
    primary_arn = Fact(
        DESCRIBE,
        "MultiRegionConfiguration.PrimaryKey.Arn",
        optional_text,
        "The primary of a multi-Region key; unset for a key of one region.",
    )
    rotates = Fact(
        ROTATION,
        "KeyRotationEnabled",
        optional_flag,
        "It rotates by itself; unset for keys that cannot, or do not now.",
    )
    rotation_days = Fact(
        ROTATION, "RotationPeriodInDays", optional_integer, "Days between two rotations; unset means 365."
    )
    usage = Fact(DESCRIBE, "KeyUsage", text, "``ENCRYPT_DECRYPT``, ``SIGN_VERIFY`` and so on.")
    policy = Fact(POLICY, "Policy", document, "The key policy; unset for a key that AWS manages.")
    grants = Fact(GRANTS, "@", many(GRANT), "The grants on it; none for a key that AWS manages.")
    rotation_error = Fact(
        ROTATION, "error_code", optional_text, "The error code by which AWS says that it cannot rotate; unset if none."
    )


ALIASES = Call("ListAliases", result="Aliases[]")


class Alias(Resource):
    """Another name of a key."""

    service: ClassVar[str] = "kms"
    type: ClassVar[str] = "AWS::KMS::Alias"
    listing: ClassVar[Call] = ALIASES

    name = Fact(ALIASES, "AliasName", text, "The alias, with ``alias/`` in front.")
    arn = Fact(ALIASES, "AliasArn", text, "The alias's ARN.")
    key_id = Fact(ALIASES, "TargetKeyId", optional_text, "The key's id; unset for an alias of AWS's without a key yet.")
