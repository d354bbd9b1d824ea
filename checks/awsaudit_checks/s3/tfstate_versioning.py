from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.state import refuse_others


@check(
    "s3-tfstate-versioning",
    title="Terraform state buckets are versioned",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Turn versioning on; a lifecycle rule for old versions keeps the cost down.",
        cli="aws s3api put-bucket-versioning --region {region} --bucket {name} "
        "--versioning-configuration Status=Enabled",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    ),
)
def tfstate_versioning(bucket: Bucket, *, buckets: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Two runs at once, or one that breaks off, leave a state that no longer says what there is; without an earlier version it
    is rebuilt by hand, resource by resource. State is kept in buckets whose name, tags or first keys say so, or that *buckets* name.
    """
    refuse_others(bucket, buckets)
    if bucket.versioning != "Enabled":
        found = bucket.versioning or "never enabled"
        yield Problem(f"versioning is {found.lower()}", expected="Enabled", found=found)
