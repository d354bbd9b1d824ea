"""
AWS CloudTrail.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, many, optional_moment, optional_text, record, text, texts


@frozen
class Selector:
    """
    Which events a trail records, in the basic form.

    Args:
        management: Whether management events are among them.

        reads_and_writes: ``All``, ``ReadOnly`` or ``WriteOnly``.

        excluded: Services whose management events are not.
    """

    management: bool
    reads_and_writes: str
    excluded: tuple[str, ...]


@frozen
class ObjectSelector:
    """
    Of which objects in S3 a trail records what is done to them, in the basic form.

    Args:
        reads_and_writes: ``All``, ``ReadOnly`` or ``WriteOnly``.

        prefixes: What the ARNs of the objects begin with; ``arn:aws:s3`` for all of them.
    """

    reads_and_writes: str
    prefixes: tuple[str, ...]


@frozen
class FieldSelector:
    """
    One condition of an advanced selector; of several operators all have to hold.

    Args:
        field: The field of the event's record.

        equals: It is one of these; empty for no such condition, as are the others.

        starts: It starts with one of these.

        ends: It ends with one of these.

        not_equals: It is none of these.

        not_starts: It starts with none of these.

        not_ends: It ends with none of these.
    """

    field: str
    equals: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    not_equals: tuple[str, ...]
    not_starts: tuple[str, ...]
    not_ends: tuple[str, ...]


_GONE = ("TrailNotFoundException",)
_FIELD = record(
    FieldSelector,
    field=("Field", text),
    equals=("Equals", texts),
    starts=("StartsWith", texts),
    ends=("EndsWith", texts),
    not_equals=("NotEquals", texts),
    not_starts=("NotStartsWith", texts),
    not_ends=("NotEndsWith", texts),
)

# With the replicas of trails of other regions and of the organization: whatever records what happens in the region.
TRAILS = Call("DescribeTrails", result="trailList[]", params={"includeShadowTrails": True})
STATUS = Call("GetTrailStatus", params={"Name": "$TrailARN"}, gone=_GONE)
# A trail that is found no more is gone; that its selectors are not found where it is a replica says nothing of it.
SELECTORS = Call("GetEventSelectors", params={"TrailName": "$TrailARN"}, when="$HasCustomEventSelectors")
# Without replicas those are left that were made in the region, by the account itself.
OWN = Call("DescribeTrails", result="trailList[]", params={"includeShadowTrails": False})

# AWS answers about a bucket of another account with 403, whatever that one allows.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
_BUCKET = {"Bucket": "$S3BucketName", "ExpectedBucketOwner": "$scan:account"}
# That there is none, the status tells.
_NO_BUCKET = ("NoSuchBucket",)
# An answer to HEAD has no body, and so no other code than its status.
BUCKET = Call("HeadBucket", service="s3", params=_BUCKET, answer_code=("403", "404"), action="s3:ListBucket")
BUCKET_STATUS = Call(
    "GetBucketPolicyStatus",
    service="s3",
    result="PolicyStatus",
    params=_BUCKET,
    absent=("NoSuchBucketPolicy", *_NO_BUCKET),
)
BUCKET_ACL = Call("GetBucketAcl", service="s3", params=_BUCKET, absent=_NO_BUCKET)
BUCKET_OWNERSHIP = Call(
    "GetBucketOwnershipControls",
    service="s3",
    result="OwnershipControls.Rules[0]",
    params=_BUCKET,
    absent=("OwnershipControlsNotFoundError", *_NO_BUCKET),
)
BUCKET_BLOCK = Call(
    "GetPublicAccessBlock",
    service="s3",
    result="PublicAccessBlockConfiguration",
    params=_BUCKET,
    absent=("NoSuchPublicAccessBlockConfiguration", *_NO_BUCKET),
    action="s3:GetBucketPublicAccessBlock",
)
BUCKET_LOGGING = Call("GetBucketLogging", service="s3", result="LoggingEnabled", params=_BUCKET, absent=_NO_BUCKET)
BUCKET_VERSIONING = Call("GetBucketVersioning", service="s3", params=_BUCKET, absent=_NO_BUCKET)
BUCKET_LOCK = Call(
    "GetObjectLockConfiguration",
    service="s3",
    result="ObjectLockConfiguration",
    params=_BUCKET,
    absent=("ObjectLockConfigurationNotFoundError", *_NO_BUCKET),
    action="s3:GetBucketObjectLockConfiguration",
)


def _status(value: Mapping[str, Any]) -> int:
    """Parse the answer about a bucket into its HTTP status."""
    return int(value.get("error_code") or 200)


class Trail(Resource):
    """A trail, its own or the organization's, in each of the regions whose events it records."""

    service: ClassVar[str] = "cloudtrail"
    type: ClassVar[str] = "AWS::CloudTrail::TrailInRegion"
    listing: ClassVar[Call] = TRAILS

    arn = Fact(TRAILS, "TrailARN", text, "The trail's ARN; another account's for a trail of the organization.")
    name = Fact(TRAILS, "Name", text, "The trail's name.")
    home_region = Fact(TRAILS, "HomeRegion", text, "Where it was made.")
    multi_region = Fact(TRAILS, "IsMultiRegionTrail", flag, "It records what happens in every region.")
    log_group_arn = Fact(
        TRAILS,
        "CloudWatchLogsLogGroupArn",
        optional_text,
        "The log group that it sends events to, perhaps with ``:*`` at its end; unset without one.",
    )
    logging = Fact(STATUS, "IsLogging", flag, "It records at present.")
    selectors = Fact(
        SELECTORS,
        "EventSelectors",
        many(
            record(
                Selector,
                management=("IncludeManagementEvents != `false`", flag),
                reads_and_writes=("ReadWriteType || 'All'", text),
                excluded=("ExcludeManagementEventSources", texts),
            )
        ),
        "Which events it records, in the basic form; empty for all management events, unless advanced ones say otherwise.",
    )
    object_selectors = Fact(
        SELECTORS,
        "EventSelectors[?DataResources]",
        many(
            record(
                ObjectSelector,
                reads_and_writes=("ReadWriteType || 'All'", text),
                prefixes=("DataResources[?Type == 'AWS::S3::Object'].Values[]", texts),
            )
        ),
        "Of which objects in S3 it records what is done to them, in the basic form; empty for none.",
    )
    advanced_selectors = Fact(
        SELECTORS,
        "AdvancedEventSelectors[].FieldSelectors",
        many(many(_FIELD)),
        "Which events it records, in the advanced form: those that meet all conditions of one of them.",
    )


class OwnTrail(Resource):
    """A trail of the account's own, in the region where it was made, with the bucket that it writes to."""

    service: ClassVar[str] = "cloudtrail"
    type: ClassVar[str] = "AWS::CloudTrail::Trail"
    listing: ClassVar[Call] = OWN

    arn = Fact(OWN, "TrailARN", text, "The trail's ARN.")
    name = Fact(OWN, "Name", text, "The trail's name.")
    log_validation = Fact(OWN, "LogFileValidationEnabled", flag, "It signs what it writes.")
    kms_key_id = Fact(OWN, "KmsKeyId", optional_text, "The key that its files are encrypted with; unset for S3's own.")
    bucket = Fact(OWN, "S3BucketName", text, "The name of the bucket that it writes to.")
    logging = Fact(STATUS, "IsLogging", flag, "It records at present.")
    started = Fact(STATUS, "StartLoggingTime", optional_moment, "When it last began to record; unset if never.")
    delivered = Fact(STATUS, "LatestDeliveryTime", optional_moment, "When it last wrote to the bucket; unset if never.")
    digested = Fact(
        STATUS, "LatestDigestDeliveryTime", optional_moment, "When it last wrote signatures; unset if never."
    )
    delivery_error = Fact(STATUS, "LatestDeliveryError", optional_text, "What S3 said last; unset if all is well.")
    digest_error = Fact(
        STATUS, "LatestDigestDeliveryError", optional_text, "What S3 said of the signatures; unset if all is well."
    )
    bucket_status = Fact(
        BUCKET,
        "@",
        _status,
        "200 for a bucket of the account, 404 for none, 403 for another account's or one that is hidden from the scan.",
    )
    bucket_region = Fact(BUCKET, "BucketRegion", optional_text, "Where the bucket is; unset if it is hidden.")
    bucket_public = Fact(BUCKET_STATUS, "IsPublic", flag, "S3 calls the bucket's policy public.")
    bucket_groups = Fact(BUCKET_ACL, "Grants[].Grantee.URI", texts, "The groups that the bucket's ACL names, by URI.")
    bucket_ownership = Fact(
        BUCKET_OWNERSHIP,
        "ObjectOwnership",
        optional_text,
        "``BucketOwnerEnforced`` where ACLs are off; unset where nothing is set, and they are on.",
    )
    bucket_ignores_acls = Fact(BUCKET_BLOCK, "IgnorePublicAcls", flag, "Public ACLs count for nothing at the bucket.")
    bucket_restricted = Fact(
        BUCKET_BLOCK, "RestrictPublicBuckets", flag, "A public policy lets in the bucket's own account and AWS alone."
    )
    bucket_log_bucket = Fact(
        BUCKET_LOGGING, "TargetBucket", optional_text, "Where the bucket's access logs go; unset without logs."
    )
    bucket_versioning = Fact(
        BUCKET_VERSIONING, "Status", optional_text, "``Enabled`` or ``Suspended``; unset where it never was on."
    )
    bucket_mfa_delete = Fact(
        BUCKET_VERSIONING, "MFADelete == 'Enabled'", flag, "Versions are deleted with the root user's MFA code only."
    )
    bucket_retention = Fact(
        BUCKET_LOCK,
        "Rule.DefaultRetention.Mode",
        optional_text,
        "How new objects are kept from being deleted, ``GOVERNANCE`` or ``COMPLIANCE``; unset where they are not.",
    )
