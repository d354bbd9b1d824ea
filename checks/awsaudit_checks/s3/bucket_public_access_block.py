from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import AccountPublicAccess, Bucket
from awsaudit_checks.s3.block import EVERYTHING, PUT, effective, lacking


@check(
    "s3-bucket-public-access-block",
    title="Buckets have Block Public Access on",
    severity=Severity.HIGH,
    uses=(AccountPublicAccess.public_access_block,),
    equivalents=("prowler:s3_bucket_level_public_access_block",),
    remediation=Remediation(
        text="Turn all four settings on, at the bucket or for the account. Put CloudFront in front of what is meant to be "
        "public.",
        cli=PUT,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    ),
)
def bucket_public_access_block(
    bucket: Bucket, account: Inventory, *, websites: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    With the four settings on, no policy or ACL makes a bucket public, whoever writes it. Settings of the bucket and of the
    account add up. Where some are off it is high if there is a policy or a grant that could be public already, medium
    otherwise. Buckets that *websites* names are meant to be public.
    """
    if bucket.name in websites:
        raise NotApplicable("its owner named it a public website")
    if bucket.public_access_block == EVERYTHING:
        return
    off = lacking(effective(bucket, account))
    if not off:
        yield Note("the account blocks what the bucket does not")
        return
    yield Problem(
        f"{', '.join(off)} off at the bucket and for the account",
        expected="all four on",
        found=f"{len(off)} off",
        severity=None if _is_shared(bucket) else Severity.MEDIUM,
    )


def _is_shared(bucket: Bucket) -> bool:
    if bucket.policy is not None:
        return True
    if bucket.ownership == "BucketOwnerEnforced":
        return False

    return any(grant.user is None or grant.user != bucket.owner_id for grant in bucket.grants)
