from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.block import PUT
from awsaudit_checks.s3.public import MAY_READ, PUBLIC, READS, public_access, unseen_acls


@check(
    "s3-bucket-public-read",
    title="Buckets are not publicly readable or listable",
    severity=Severity.CRITICAL,
    uses=PUBLIC,
    equivalents=("prowler:s3_bucket_public_access", "prowler:s3_bucket_public_list_acl"),
    remediation=Remediation(
        text="Block public access to the bucket, then take everybody out of its policy and ACL. What is meant to be public is "
        "served by CloudFront with origin access control.",
        cli=PUT,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    ),
)
def bucket_public_read(
    bucket: Bucket, account: Inventory, *, websites: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    Scanners try every name that a company may give a bucket, and find what is readable within hours. Policy and ACL count as
    far as the settings of bucket and account let them. Conditions are evaluated: one that everybody can meet keeps nobody
    off. Names alone are high, what is in the objects is critical. Buckets that *websites* names are meant to be read.
    """
    if bucket.name in websites:
        raise NotApplicable("its owner named it a public website")
    found = public_access(bucket, account, READS, MAY_READ)
    yield from found
    if not found:
        yield from map(Note, unseen_acls(bucket, account))
