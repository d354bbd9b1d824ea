"""
Amazon S3.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.parser import document, flag, many, moment, optional, optional_text, record, tags, text


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
