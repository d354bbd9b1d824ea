"""
AWS Secrets Manager: what is known of secrets, never their values.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import evolve, frozen

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.parser import (
    document,
    flag,
    many,
    moment,
    optional_integer,
    optional_moment,
    optional_text,
    record,
    tags,
    text,
    texts,
)


@frozen
class Replica:
    """
    A copy of a secret in another region.

    Args:
        region: The region.

        status: ``InSync``, ``InProgress`` or ``Failed``.

        message: Why, where AWS says.

        kms_key_id: Id, ARN or alias of its KMS key; None for the key that AWS manages.
    """

    region: str
    status: str
    message: str | None
    kms_key_id: str | None


def _stages(value: Any) -> Mapping[str, tuple[str, ...]]:
    return {text(version): texts(stages) for version, stages in (value or {}).items()}


# The region of the ARN is that of the secret itself; PrimaryRegion is unset unless it is replicated.
_PRIMARY = "(!PrimaryRegion || contains(ARN, join('', [':secretsmanager:', PrimaryRegion, ':'])))"
_OWN = f"!OwningService && !DeletedDate && {_PRIMARY}"
_PENDING = "SecretVersionsToStages.* | [?contains(@, 'AWSPENDING') && !contains(@, 'AWSCURRENT')] | [0]"
_GONE = ("ResourceNotFoundException",)

LIST = Call("ListSecrets", result="SecretList[]", params={"IncludePlannedDeletion": True})
VERSIONS = Call("ListSecretVersionIds", result="Versions[]", params={"SecretId": "$ARN"}, when=f"${_OWN}", gone=_GONE)
PENDING_VERSIONS = Call(
    "ListSecretVersionIds",
    result="Versions[]",
    params={"SecretId": "$ARN"},
    when=f"$RotationEnabled && !DeletedDate && {_PRIMARY} && ({_PENDING})",
    gone=_GONE,
)
DESCRIBE = Call("DescribeSecret", params={"SecretId": "$ARN"}, when=f"$!DeletedDate && {_PRIMARY}", gone=_GONE)
# Whether a secret has copies at all is told in the list.
COPIES = evolve(DESCRIBE, when=f"$PrimaryRegion && !OwningService && !DeletedDate && {_PRIMARY}")
KEY = Call(
    "DescribeKey",
    service="kms",
    result="KeyMetadata",
    params={"KeyId": "$KmsKeyId"},
    when="$!OwningService && !DeletedDate",
    answer_code=("NotFoundException",),
)
# A policy matters to the choice of the key only where that key is AWS's: two calls, so that no other secret is asked.
# A replica has the policy of its primary; asked for it itself, it may refuse.
_PRIMARY_ARN = f"${_PRIMARY} && ARN || `null`"
DEFAULT_KEY_POLICY = Call(
    "GetResourcePolicy",
    params={"SecretId": _PRIMARY_ARN},
    when="$!KmsKeyId && !OwningService && !DeletedDate",
    gone=_GONE,
)
NAMED_KEY_POLICY = Call(
    "GetResourcePolicy", params={"SecretId": _PRIMARY_ARN}, when=From(KEY, "KeyManager == 'AWS'"), gone=_GONE
)

OWN_POLICY = Call("GetResourcePolicy", params={"SecretId": _PRIMARY_ARN}, when="$!DeletedDate", gone=_GONE)


class Secret(Resource):
    """A secret, or the replica of one from another region."""

    service: ClassVar[str] = "secretsmanager"
    type: ClassVar[str] = "AWS::SecretsManager::Secret"
    listing: ClassVar[Call] = LIST

    arn = Fact(LIST, "ARN", text, "The secret's ARN.")
    name = Fact(LIST, "Name", text, "The secret's name.")
    tags = Fact(LIST, "Tags", tags, "The secret's tags.")
    external_type = Fact(
        LIST, "Type", optional_text, "The partner whose credential it is; unset for an ordinary secret."
    )
    kms_key_id = Fact(
        LIST, "KmsKeyId", optional_text, "Id, ARN or alias of its KMS key; unset for the key that AWS manages."
    )
    created = Fact(LIST, "CreatedDate", moment, "When it was made.")
    deleted = Fact(LIST, "DeletedDate", optional_moment, "When it is to be deleted; unset if it is not.")
    changed = Fact(LIST, "LastChangedDate", optional_moment, "When anything of it was changed, be it a tag.")
    accessed = Fact(
        LIST, "LastAccessedDate", optional_moment, "The day of its last use in its region; unset if it was never used."
    )
    owner = Fact(LIST, "OwningService", optional_text, "The AWS service that made it for itself; unset for your own.")
    primary_region = Fact(
        LIST, "PrimaryRegion", optional_text, "The region of the original; unset if never replicated."
    )
    rotates = Fact(LIST, "RotationEnabled", flag, "It is rotated on a schedule.")
    rotation_function = Fact(
        LIST, "RotationLambdaARN", optional_text, "The Lambda function that rotates it, or did; unset where AWS does."
    )
    rotation_days = Fact(
        LIST,
        "RotationRules.AutomaticallyAfterDays",
        optional_integer,
        "Days between two rotations, as AWS counts them.",
    )
    rotation_schedule = Fact(
        LIST, "RotationRules.ScheduleExpression", optional_text, "The schedule: ``rate(…)`` or ``cron(…)``, in UTC."
    )
    last_rotated = Fact(LIST, "LastRotatedDate", optional_moment, "When it was rotated last; unset while it is not.")
    next_rotation = Fact(LIST, "NextRotationDate", optional_moment, "When it is to be rotated next at the latest.")
    stages = Fact(
        LIST, "SecretVersionsToStages", _stages, "The staging labels of each version that has any, by its id."
    )
    current_since = Fact(
        VERSIONS,
        "[?contains(VersionStages, 'AWSCURRENT')].CreatedDate | [0]",
        optional_moment,
        "When the current value was made; unset for a secret without a value, and where it is not this one to say.",
    )
    pending_since = Fact(
        PENDING_VERSIONS,
        "[?contains(VersionStages, 'AWSPENDING') && !contains(VersionStages, 'AWSCURRENT')].CreatedDate | [0]",
        optional_moment,
        "When the value of a rotation under way was made; unset where there is none, or it has no value yet.",
    )
    replicas = Fact(
        DESCRIBE,
        "ReplicationStatus",
        many(
            record(
                Replica,
                region=("Region", text),
                status=("Status", text),
                message="StatusMessage",
                kms_key_id="KmsKeyId",
            )
        ),
        "Its copies in other regions.",
    )
    copy_regions = Fact(
        COPIES, "ReplicationStatus[].Region", texts, "The regions that it is copied to; none for copies themselves."
    )
    copies_accessed = Fact(
        COPIES,
        "ReplicationStatus[].LastAccessedDate",
        many(moment),
        "The days of the last uses of its copies; copies that were never used have none.",
    )
    key_manager = Fact(
        KEY, "KeyManager", optional_text, "``AWS`` or ``CUSTOMER``; unset where no key is named, or it is no more."
    )
    key_id = Fact(KEY, "KeyId", optional_text, "The id of the key that it names; unset where it names none.")
    key_state = Fact(
        KEY, "KeyState", optional_text, "``Enabled``, ``Disabled``, ``PendingDeletion`` and so on; unset without a key."
    )
    key_error = Fact(KEY, "error_code", optional_text, "The error code by which KMS says that there is no such key.")
    policy = Fact(
        OWN_POLICY,
        "ResourcePolicy",
        document,
        "Its resource policy; unset without one, and for replicas, which have their primary's.",
    )
    default_key_policy = Fact(
        DEFAULT_KEY_POLICY,
        "ResourcePolicy",
        document,
        "The resource policy of a secret that names no key; unset for others, and for replicas.",
    )
    named_key_policy = Fact(
        NAMED_KEY_POLICY,
        "ResourcePolicy",
        document,
        "The resource policy of a secret that names a key of AWS's; unset for others, and for replicas.",
    )

    @property
    def is_replica(self) -> bool:
        """Whether it is a copy of a secret in another region."""
        return self.primary_region not in {None, self.region}


class SecretStore(Resource):
    """The secrets of a region, as a whole."""

    service: ClassVar[str] = "secretsmanager"
    type: ClassVar[str] = "AWS::SecretsManager::SecretStore"

    secret_arns = Fact(LIST, "[].ARN", texts, "The secrets in it, those that are about to be deleted among them.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:secretsmanager:{self.region}:{self.account}:secret-store"
