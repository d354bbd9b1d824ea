from collections.abc import Iterator
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail
from awsaudit_checks.cloudtrail.bucket import refuse_missing


_LOCK: Final = (
    "aws s3api put-object-lock-configuration --region {bucket_region} --bucket {bucket} --object-lock-configuration "
    "'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=GOVERNANCE,Days=90}}'"
)
_VERSION: Final = "aws s3api put-bucket-versioning --region {bucket_region} --bucket {bucket} --versioning-configuration Status=Enabled"


@check(
    "cloudtrail-bucket-mfa-delete-or-lock",
    title="The trail bucket resists deletion",
    severity=Severity.LOW,
    equivalents=("prowler:cloudtrail_bucket_requires_mfa_delete",),
    remediation=Remediation(
        text="Lock objects by default for as long as logs are needed at least, 90 days in the command; it needs versioning. "
        "Or let the root user switch MFA delete on.",
        cli=_LOCK,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html",
    ),
)
def bucket_mfa_delete_or_lock(trail: OwnTrail) -> Iterator[Problem]:
    """
    Who has taken over an account deletes what shows it. With MFA delete that takes the root user's device, with a default
    retention nobody can do it before its end, or only who may bypass it. A lock without a default rule locks nothing that
    CloudTrail writes.
    """
    refuse_missing(trail)
    if trail.bucket_mfa_delete or trail.bucket_retention:
        return
    yield Problem(
        f"logs in its bucket {trail.bucket} can be deleted",
        expected="MFA delete or a default retention",
        found="neither",
        cli=_LOCK if trail.bucket_versioning == "Enabled" else f"{_VERSION} && {_LOCK}",
    )
