"""What S3 Block Public Access keeps off a bucket, by the bucket's settings or the account's."""

from __future__ import annotations

from typing import Final

from awsaudit import Inventory
from awsaudit.resources.s3 import AccountPublicAccess, Bucket, PublicAccessBlock


EVERYTHING: Final = PublicAccessBlock(block_acls=True, ignore_acls=True, block_policy=True, restrict_buckets=True)
NOTHING: Final = PublicAccessBlock(block_acls=False, ignore_acls=False, block_policy=False, restrict_buckets=False)

SETTINGS: Final = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
PUT: Final = (
    "aws s3api put-public-access-block --region {region} --bucket {name} "
    f"--public-access-block-configuration {SETTINGS}"
)


def effective(bucket: Bucket, account: Inventory) -> PublicAccessBlock:
    """Return what is blocked at *bucket*: each setting holds that is on at the bucket or for the account."""
    own = bucket.public_access_block or NOTHING
    if own == EVERYTHING:
        return own
    wide = of_account(account)

    return PublicAccessBlock(
        block_acls=own.block_acls or wide.block_acls,
        ignore_acls=own.ignore_acls or wide.ignore_acls,
        block_policy=own.block_policy or wide.block_policy,
        restrict_buckets=own.restrict_buckets or wide.restrict_buckets,
    )


def of_account(account: Inventory) -> PublicAccessBlock:
    """Return what is blocked at all buckets of the account."""
    found = next(iter(account.every(AccountPublicAccess)), None)
    return (found.public_access_block if found else None) or NOTHING


def is_restricted(bucket: Bucket, account: Inventory) -> bool:
    """Tell whether S3 keeps outsiders off *bucket* if its policy is public."""
    own = bucket.public_access_block
    return bool(own and own.restrict_buckets) or of_account(account).restrict_buckets


def ignores_acls(bucket: Bucket, account: Inventory) -> bool:
    """Tell whether public ACLs of *bucket* and its objects count for nothing."""
    own = bucket.public_access_block
    return bool(own and own.ignore_acls) or of_account(account).ignore_acls


def lacking(block: PublicAccessBlock | None) -> tuple[str, ...]:
    """Return the settings that are off, as AWS calls them."""
    found = block or NOTHING
    settings = {
        "BlockPublicAcls": found.block_acls,
        "IgnorePublicAcls": found.ignore_acls,
        "BlockPublicPolicy": found.block_policy,
        "RestrictPublicBuckets": found.restrict_buckets,
    }

    return tuple(name for name, on in settings.items() if not on)
