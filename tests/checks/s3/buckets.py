"""Buckets for tests, with everything set as AWS sets it for new ones unless a test says otherwise."""

import json

from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ACL,
    ENCRYPTION,
    LIFECYCLE,
    LIST,
    LOCKS,
    LOGGING,
    OBJECT_LOCK,
    OBJECTS,
    OWNERSHIP,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    VERSIONING,
    AccountPublicAccess,
    Bucket,
)
from awsaudit.testing import fake
from tests.estate import document


OPEN = {"BlockPublicAcls": False, "IgnorePublicAcls": False, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
CLOSED = dict.fromkeys(OPEN, True)
OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
SETTINGS = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
BLOCK = (
    f"aws s3api put-public-access-block --region eu-west-1 --bucket {{}} --public-access-block-configuration {SETTINGS}"
)
OWN_GRANT = {"Grantee": {"ID": OWNER, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}


def grant(permission, group="AllUsers"):
    return {
        "Grantee": {"URI": f"http://acs.amazonaws.com/groups/global/{group}", "Type": "Group"},
        "Permission": permission,
    }


def bucket(*statements, name="ledger", block=OPEN, grants=(), ownership="ObjectWriter", **more):
    """Return a bucket; *more* has results by the name of their call in lower case."""
    told = {
        LIST: {"Name": name, "CreationDate": "2026-01-02T03:04:05Z", "BucketRegion": "eu-west-1"},
        POLICY: {"Policy": json.dumps(document(*statements))} if statements else None,
        PUBLIC_ACCESS: block,
        ACL: {"Owner": {"ID": OWNER}, "Grants": [OWN_GRANT, *grants]},
        OWNERSHIP: {"ObjectOwnership": ownership} if ownership else None,
        TAGGING: None,
        VERSIONING: {"Status": "Enabled"},
        ENCRYPTION: {"SSEAlgorithm": "AES256"},
        LOGGING: None,
        OBJECT_LOCK: None,
        LIFECYCLE: None,
        OBJECTS: {"IsTruncated": False},
        LOCKS: None,
    }
    given = {_CALLS[key]: value for key, value in more.items()}
    return fake(Bucket, {**told, **given})


_CALLS = {
    "policy": POLICY,
    "acl": ACL,
    "owner_controls": OWNERSHIP,
    "tagging": TAGGING,
    "versioning": VERSIONING,
    "encryption": ENCRYPTION,
    "logging": LOGGING,
    "object_lock": OBJECT_LOCK,
    "lifecycle": LIFECYCLE,
    "objects": OBJECTS,
    "locks": LOCKS,
}


def holding(*keys, more=False):
    """Return what S3 lists of a bucket with objects *keys*."""
    return {"Contents": [{"Key": key} for key in keys], "IsTruncated": more}


def wide(block=None):
    """Return the settings of the account; by default there are none."""
    return fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: block})
