"""
Amazon S3.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from __future__ import annotations

import re

from typing import Any, ClassVar, Final

from attrs import frozen

from awsaudit.declare import Call, Fact, From, Resource, Scope
from awsaudit.parser import document, flag, many, moment, optional, optional_text, record, tags, text, texts


# AWS tells the region of a bucket only if the request has a parameter.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
LIST = Call("ListBuckets", result="Buckets[]", action="s3:ListAllMyBuckets", page_size=("MaxBuckets", 1000))
VERSIONING = Call("GetBucketVersioning", params={"Bucket": "$Name"}, gone=("NoSuchBucket",))

# The IAM actions are called otherwise than the operations.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
_BUCKET = {"Bucket": "$Name"}
_GONE = ("NoSuchBucket",)
POLICY = Call("GetBucketPolicy", params=_BUCKET, absent=("NoSuchBucketPolicy",), gone=_GONE)
PUBLIC_ACCESS = Call(
    "GetPublicAccessBlock",
    result="PublicAccessBlockConfiguration",
    params=_BUCKET,
    absent=("NoSuchPublicAccessBlockConfiguration",),
    gone=_GONE,
    action="s3:GetBucketPublicAccessBlock",
)
ENCRYPTION = Call(
    "GetBucketEncryption",
    result="ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault",
    params=_BUCKET,
    absent=("ServerSideEncryptionConfigurationNotFoundError",),
    gone=_GONE,
    action="s3:GetEncryptionConfiguration",
)
TAGGING = Call("GetBucketTagging", result="TagSet", params=_BUCKET, absent=("NoSuchTagSet",), gone=_GONE)
NOTIFICATION = Call("GetBucketNotificationConfiguration", params=_BUCKET, gone=_GONE, action="s3:GetBucketNotification")
ACL = Call("GetBucketAcl", params=_BUCKET, gone=_GONE)
OWNERSHIP = Call(
    "GetBucketOwnershipControls",
    result="OwnershipControls.Rules[0]",
    params=_BUCKET,
    absent=("OwnershipControlsNotFoundError",),
    gone=_GONE,
)
LOGGING = Call("GetBucketLogging", result="LoggingEnabled", params=_BUCKET, gone=_GONE)
OBJECT_LOCK = Call(
    "GetObjectLockConfiguration",
    result="ObjectLockConfiguration",
    params=_BUCKET,
    absent=("ObjectLockConfigurationNotFoundError",),
    gone=_GONE,
    action="s3:GetBucketObjectLockConfiguration",
)
LIFECYCLE = Call(
    "GetBucketLifecycleConfiguration",
    params=_BUCKET,
    absent=("NoSuchLifecycleConfiguration",),
    gone=_GONE,
    action="s3:GetLifecycleConfiguration",
)
# Names only, and of these the first thousand.
OBJECTS = Call(
    "ListObjectsV2", params={**_BUCKET, "MaxKeys": 1000}, gone=_GONE, action="s3:ListBucket", first_page=True
)
_STATE = From(OBJECTS, "Contents[?ends_with(Key, '.tfstate')].Key | [0]")
# What follows the first state by name: its lock, if there is or was one.
LOCKS = Call(
    "ListObjectVersions",
    params={**_BUCKET, "Prefix": _STATE, "KeyMarker": _STATE, "MaxKeys": 100},
    gone=_GONE,
    action="s3:ListBucketVersions",
    first_page=True,
)
ACCOUNT_PUBLIC_ACCESS = Call(
    "GetPublicAccessBlock",
    result="PublicAccessBlockConfiguration",
    params={"AccountId": "$scan:account"},
    service="s3control",
    absent=("NoSuchPublicAccessBlockConfiguration",),
    action="s3:GetAccountPublicAccessBlock",
)


@frozen
class PublicAccessBlock:
    """
    Which ways of being public S3 blocks.

    Args:
        block_acls: New public ACLs are refused.

        ignore_acls: Public ACLs count for nothing.

        block_policy: New public policies are refused.

        restrict_buckets: Buckets with a public policy serve their account and AWS services only.
    """

    block_acls: bool
    ignore_acls: bool
    block_policy: bool
    restrict_buckets: bool


_BLOCK = optional(
    record(
        PublicAccessBlock,
        block_acls=("BlockPublicAcls", flag),
        ignore_acls=("IgnorePublicAcls", flag),
        block_policy=("BlockPublicPolicy", flag),
        restrict_buckets=("RestrictPublicBuckets", flag),
    )
)


@frozen
class Encryption:
    """
    How new objects are encrypted unless they say otherwise.

    Args:
        algorithm: ``AES256``, ``aws:kms`` or ``aws:kms:dsse``.

        key_id: Id or ARN of the KMS key; None for the key that AWS manages.
    """

    algorithm: str
    key_id: str | None


def _is_given(value: Any) -> bool:
    return value is not None


def _is_filled(value: Any) -> bool:
    return bool(value)


def _state_files(keys: Any) -> tuple[str, ...]:
    return tuple(key for key in texts(keys) if key.endswith((".tfstate", ".tflock")))


# Files of clients and wallets that have private keys in them, by their names.
# https://eips.ethereum.org/EIPS/eip-2335, https://geth.ethereum.org/docs/fundamentals/account-management
_KEYS: Final = re.compile(
    r"(.*/)?("
    r"keystore-m_12381_3600_[^/]*\.json|"
    r"UTC--[^/]*--[0-9a-f]{40}(\.json)?|"
    r"priv_validator_key\.json|"
    r"[^/]*\.mnemonic|"
    r"validator_keys/(?!(.*/)?deposit_data)[^/].*"
    r")|(.*/)?[^/]*solana[^/]*/(.*/)?id\.json",
    re.IGNORECASE,
)
_SLASHING: Final = re.compile(r"(.*/)?slashing_protection[^/]*\.json", re.IGNORECASE)


def _key_files(keys: Any) -> tuple[str, ...]:
    """Parse names of objects into those that look like private keys, with the signing history that lies beside them."""
    every = texts(keys)
    found = [key for key in every if _KEYS.fullmatch(key)]
    folders = {key.rpartition("/")[0] for key in found}

    return (*found, *(key for key in every if _SLASHING.fullmatch(key) and key.rpartition("/")[0] in folders))


def _has_lock(value: Any) -> bool | None:
    """Parse the versions beside a state file into whether a lock is among them; None without such a file."""
    if value is None:
        return None

    return any(key.endswith(".tflock") for keys in value.values() for key in texts(keys))


@frozen
class Grant:
    """
    What an ACL lets somebody do.

    Args:
        permission: ``READ``, ``WRITE``, ``READ_ACP``, ``WRITE_ACP`` or ``FULL_CONTROL``.

        group: URI of the group that may; None for a single account.

        user: Canonical id of the account that may; None for a group.
    """

    permission: str
    group: str | None
    user: str | None


class Bucket(Resource):
    """A general-purpose bucket, in the region where it is."""

    service: ClassVar[str] = "s3"
    type: ClassVar[str] = "AWS::S3::Bucket"
    listing: ClassVar[Call] = LIST
    scope: ClassVar[Scope] = Scope.GLOBAL
    own_region: ClassVar[str] = "$BucketRegion"
    label: ClassVar[str] = "name"

    name = Fact(LIST, "Name", text, "The bucket's name, unique in the partition.")
    created = Fact(LIST, "CreationDate", moment, "When it was made.")
    versioning = Fact(
        VERSIONING, "Status", optional_text, "``Enabled``, ``Suspended``, or unset where it was never switched on."
    )

    mfa_delete = Fact(
        VERSIONING,
        "MFADelete == 'Enabled'",
        flag,
        "Versions are deleted for good with an MFA code of the root user only.",
    )

    policy = Fact(POLICY, "Policy", document, "Its resource policy; unset without one.")
    public_access_block = Fact(PUBLIC_ACCESS, "@", _BLOCK, "What the bucket blocks; unset for nothing.")
    encryption = Fact(
        ENCRYPTION,
        "@",
        optional(record(Encryption, algorithm=("SSEAlgorithm", text), key_id="KMSMasterKeyID")),
        "How new objects are encrypted; unset where nothing is set.",
    )
    tags = Fact(TAGGING, "@", tags, "The bucket's tags.")
    grants = Fact(
        ACL,
        "Grants",
        many(record(Grant, permission=("Permission", text), group="Grantee.URI", user="Grantee.ID")),
        "What its ACL lets accounts and groups do; it counts for nothing where the bucket's owner owns all objects.",
    )
    owner_id = Fact(ACL, "Owner.ID", optional_text, "Canonical id of the account that owns it.")
    ownership = Fact(
        OWNERSHIP,
        "ObjectOwnership",
        optional_text,
        "``BucketOwnerEnforced``, which turns ACLs off, ``BucketOwnerPreferred`` or ``ObjectWriter``; unset where nothing is "
        "set, and ACLs are on.",
    )
    log_bucket = Fact(
        LOGGING, "TargetBucket", optional_text, "The bucket that its access logs go to; unset without logs."
    )
    object_lock_mode = Fact(
        OBJECT_LOCK,
        "Rule.DefaultRetention.Mode",
        optional_text,
        "How new objects are kept from being deleted by default, ``GOVERNANCE`` or ``COMPLIANCE``; unset where they are not.",
    )
    expires = Fact(
        LIFECYCLE, "Rules[?Status == 'Enabled'].Status", _is_filled, "Lifecycle rules move or delete its objects."
    )
    state_files = Fact(
        OBJECTS, "Contents[].Key", _state_files, "State of Terraform and locks of it, among the first 1,000 keys."
    )
    key_files = Fact(
        OBJECTS,
        "Contents[].Key",
        _key_files,
        "Objects among the first 1,000 keys whose names are those of files with private keys; none is read.",
    )
    has_more = Fact(OBJECTS, "IsTruncated", flag, "It has more keys than the first 1,000.")
    had_lock = Fact(
        LOCKS,
        "{versions: Versions[].Key, markers: DeleteMarkers[].Key}",
        _has_lock,
        "A lock lies, or lay, beside the first state file; unset where there is no such file among the first 1,000 keys.",
    )
    # What is there if it is on is an empty structure.
    event_bridge = Fact(
        NOTIFICATION, "EventBridgeConfiguration", _is_given, "It sends events of its objects to EventBridge."
    )

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return f"arn:{self.partition}:s3:::{self.name}"


class AccountPublicAccess(Resource):
    """What S3 blocks in all buckets of the account."""

    service: ClassVar[str] = "s3"
    type: ClassVar[str] = "AWS::S3::AccountPublicAccessBlock"
    scope: ClassVar[Scope] = Scope.GLOBAL

    public_access_block = Fact(ACCOUNT_PUBLIC_ACCESS, "@", _BLOCK, "What the account blocks; unset for nothing.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one an account."""
        return f"arn:{self.partition}:s3:::{self.account}"


_POINT = {"AccountId": "$scan:account", "Name": "$Name"}
_POINT_GONE = ("NoSuchAccessPoint",)
POINTS = Call(
    "ListAccessPoints",
    result="AccessPointList[]",
    params={"AccountId": "$scan:account"},
    service="s3control",
    action="s3:ListAccessPoints",
)
POINT = Call("GetAccessPoint", params=_POINT, service="s3control", gone=_POINT_GONE, action="s3:GetAccessPoint")
POINT_STATUS = Call(
    "GetAccessPointPolicyStatus",
    result="PolicyStatus",
    params=_POINT,
    service="s3control",
    absent=("NoSuchAccessPointPolicy",),
    gone=_POINT_GONE,
    action="s3:GetAccessPointPolicyStatus",
)


class AccessPoint(Resource):
    """A way to a bucket with a policy and a block of its own; both are judged beside the bucket's."""

    service: ClassVar[str] = "s3"
    type: ClassVar[str] = "AWS::S3::AccessPoint"
    listing: ClassVar[Call] = POINTS

    name = Fact(POINTS, "Name", text, "Its name, unique in account and region.")
    arn = Fact(POINTS, "AccessPointArn", text, "Its ARN.")
    bucket = Fact(
        POINTS, "Bucket", optional_text, "The bucket that it leads to; unset where it leads to a file system."
    )
    bucket_account = Fact(POINTS, "BucketAccountId", optional_text, "The account that the bucket is in.")
    network = Fact(POINTS, "NetworkOrigin", text, "``Internet``, or ``VPC`` for requests out of one VPC only.")
    public_access_block = Fact(
        POINT, "PublicAccessBlockConfiguration", _BLOCK, "What it blocks; it cannot be changed afterwards."
    )
    public = Fact(POINT_STATUS, "IsPublic", flag, "S3 calls its policy public; not so without a policy.")


MULTI_REGION = Call(
    "ListMultiRegionAccessPoints",
    result="AccessPoints[]",
    params={"AccountId": "$scan:account"},
    service="s3control",
    action="s3:ListMultiRegionAccessPoints",
)


class MultiRegionAccessPoint(Resource):
    """One way to the buckets of several regions."""

    service: ClassVar[str] = "s3"
    type: ClassVar[str] = "AWS::S3::MultiRegionAccessPoint"
    listing: ClassVar[Call] = MULTI_REGION
    scope: ClassVar[Scope] = Scope.GLOBAL

    name = Fact(MULTI_REGION, "Name", text, "Its name.")
    alias = Fact(MULTI_REGION, "Alias", text, "What stands for it in its ARN.")
    status = Fact(MULTI_REGION, "Status", text, "``READY`` once it is made.")
    public_access_block = Fact(
        MULTI_REGION, "PublicAccessBlock", _BLOCK, "What it blocks; it cannot be changed afterwards."
    )

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:{self.partition}:s3::{self.account}:accesspoint/{self.alias}"
