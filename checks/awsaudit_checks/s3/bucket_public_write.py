from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.block import PUT
from awsaudit_checks.s3.public import MAY_WRITE, PUBLIC, WRITES, public_access, unseen_acls


@check(
    "s3-bucket-public-write",
    title="Buckets are not publicly writable",
    severity=Severity.CRITICAL,
    uses=PUBLIC,
    equivalents=("prowler:s3_bucket_policy_public_write_access", "prowler:s3_bucket_public_write_acl"),
    remediation=Remediation(
        text="Block public access to the bucket, then take everybody out of its policy and turn ACLs off.",
        cli=PUT,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
    ),
)
def bucket_public_write(bucket: Bucket, account: Inventory) -> Iterator[Problem | Note]:
    """
    Who writes to a bucket changes what others load from it: a wallet's page, an artifact that is deployed; who deletes from
    it, or rewrites its policy, takes it away. Policy and ACL count as far as the settings of bucket and account let them;
    conditions are evaluated.
    """
    found = public_access(bucket, account, WRITES, MAY_WRITE)
    yield from found
    if not found:
        yield from map(Note, unseen_acls(bucket, account))
