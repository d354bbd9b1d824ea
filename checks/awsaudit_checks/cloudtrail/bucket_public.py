from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail
from awsaudit.resources.s3 import AccountPublicAccess, Bucket
from awsaudit_checks.cloudtrail.bucket import refuse_missing


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
_EVERYBODY: Final = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")


@check(
    "cloudtrail-bucket-public",
    title="The trail bucket is not public",
    severity=Severity.CRITICAL,
    uses=(AccountPublicAccess.public_access_block,),
    equivalents=("prowler:cloudtrail_logs_s3_bucket_is_not_publicly_accessible",),
    remediation=Remediation(
        text="Block public access to the bucket; CloudTrail itself needs none.",
        cli="aws s3api put-public-access-block --region {bucket_region} --bucket {bucket} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    ),
)
def bucket_public(trail: OwnTrail, account: Inventory) -> Iterator[Problem]:
    """
    A trail tells who works in the account, from which addresses, with which roles and keys, and what they are refused:
    whoever reads it knows where to begin. It fails where S3 calls the policy public or the ACL names everybody, and neither
    the bucket nor the account blocks that. A bucket of another account is not known.
    """
    refuse_missing(trail)
    if trail.bucket_public and not (trail.bucket_restricted or _blocks(account, acls=False)):
        yield _problem(trail, "policy", "its policy is public")
    if trail.bucket_ownership == "BucketOwnerEnforced" or not any(g.endswith(_EVERYBODY) for g in trail.bucket_groups):
        return
    if not (trail.bucket_ignores_acls or _blocks(account, acls=True)):
        yield _problem(trail, "acl", "its ACL names everybody")


def _blocks(account: Inventory, *, acls: bool) -> bool:
    """Tell whether the account blocks public ACLs, or public policies, of all its buckets."""
    blocks = [each.public_access_block for each in account.every(AccountPublicAccess)]
    return any(block and (block.ignore_acls if acls else block.restrict_buckets) for block in blocks)


def _problem(trail: OwnTrail, by: str, what: str) -> Problem:
    return Problem(
        f"anybody gets at the bucket {trail.bucket}: {what}",
        expected="no public access",
        found=what,
        sub_key=by,
        path=(
            Hop("anybody", "outside"),
            Hop(f"arn:{trail.partition}:s3:::{trail.bucket}", Bucket.type, what),
            Hop(trail.arn, OwnTrail.type, "writes there"),
        ),
    )
