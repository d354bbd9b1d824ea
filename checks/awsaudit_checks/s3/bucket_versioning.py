from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket


@check(
    "s3-bucket-versioning",
    title="Buckets are versioned",
    severity=Severity.LOW,
    equivalents=("prowler:s3_bucket_object_versioning",),
    remediation=Remediation(
        text="Turn versioning on; a lifecycle rule for old versions keeps the cost down.",
        cli="aws s3api put-bucket-versioning --region {region} --bucket {name} "
        "--versioning-configuration Status=Enabled",
        terraform='resource "aws_s3_bucket_versioning" "this" {\n  bucket = {name}\n\n'
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}',
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    ),
)
def bucket_versioning(bucket: Bucket) -> Iterator[Problem]:
    """
    Without versions an object that is overwritten or deleted, by mistake or by an intruder, is gone for good. Versioning
    that is suspended keeps the old versions but makes no new ones.
    """
    if bucket.versioning != "Enabled":
        found = bucket.versioning or "never enabled"
        yield Problem(f"versioning is {found.lower()}", expected="Enabled", found=found)
