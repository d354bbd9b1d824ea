from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import AccessPoint, AccountPublicAccess, Bucket
from awsaudit_checks.s3.block import is_restricted, lacking


@check(
    "s3-access-point-public",
    title="Access points block public access",
    severity=Severity.HIGH,
    uses=(Bucket.name, Bucket.public_access_block, AccountPublicAccess.public_access_block),
    equivalents=("prowler:s3_access_point_public_access_block",),
    remediation=Remediation(
        text="Make the access point anew with all four settings on, which is the default, and give it its policy again: they "
        "cannot be changed.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html",
    ),
)
def access_point_public(point: AccessPoint, account: Inventory) -> Iterator[Problem]:
    """
    A policy of an access point opens a bucket whose own policy names nobody. All four settings on pass. One off is critical
    where S3 calls the policy public, requests come from the internet, and neither bucket nor account restrict them; medium
    where that is not so yet, low where requests come out of one VPC. High is what cannot be told: a bucket of another account.
    """
    off = lacking(point.public_access_block)
    if not off:
        return
    severity, why = _graded(point, account)
    yield Problem(f"{', '.join(off)} off{why}", expected="all four on", found=f"{len(off)} off", severity=severity)


def _graded(point: AccessPoint, account: Inventory) -> tuple[Severity | None, str]:
    if point.network == "VPC":
        return Severity.LOW, "; it takes requests out of one VPC only"
    if "RestrictPublicBuckets" not in lacking(point.public_access_block) or not point.public:
        return Severity.MEDIUM, "; nothing makes it public yet"
    if point.bucket_account not in {None, account.account}:
        return (
            None,
            f", and its policy is public; what the account {point.bucket_account} blocks at the bucket cannot be seen",
        )
    bucket = account.first(Bucket, lambda b: b.name == point.bucket)
    if bucket and is_restricted(bucket, account):
        return Severity.MEDIUM, ", and its policy is public; the settings of the bucket or the account keep others off"

    return Severity.CRITICAL, ", and its policy is public"
