"""Trails of the account, for tests of what is theirs."""

from awsaudit.resources.cloudtrail import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_BLOCK,
    BUCKET_LOCK,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_STATUS,
    BUCKET_VERSIONING,
    OWN,
    STATUS,
    OwnTrail,
)
from awsaudit.testing import fake


LISTED = {
    "TrailARN": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
    "Name": "main",
    "S3BucketName": "northlight-trail",
    "HomeRegion": "eu-west-1",
}
SOUND = {
    STATUS: {"IsLogging": True},
    BUCKET: {"BucketRegion": "eu-central-1"},
    BUCKET_STATUS: None,
    BUCKET_ACL: {"Grants": []},
    BUCKET_OWNERSHIP: None,
    BUCKET_BLOCK: None,
    BUCKET_LOGGING: None,
    BUCKET_VERSIONING: {},
    BUCKET_LOCK: None,
}
GONE = {BUCKET: {"error_code": "404"}}
HIDDEN = {BUCKET: {"error_code": "403"}}


def own(results=None, **listed):
    """A trail of the account with a bucket that is as new."""
    return fake(OwnTrail, {OWN: {**LISTED, **listed}, **SOUND, **(results or {})})
