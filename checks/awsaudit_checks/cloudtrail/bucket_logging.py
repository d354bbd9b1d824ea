from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail
from awsaudit_checks.cloudtrail.bucket import refuse_missing


@check(
    "cloudtrail-bucket-logging",
    title="The trail bucket logs access",
    severity=Severity.LOW,
    equivalents=("prowler:cloudtrail_logs_s3_bucket_access_logging_enabled",),
    remediation=Remediation(
        text="Log access to the bucket, into another bucket of the same region that lets logging.s3.amazonaws.com write.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
    ),
)
def bucket_logging(trail: OwnTrail) -> Iterator[Problem]:
    """
    Who read the logs of the account, or deleted some, shows only in the access logs of the bucket that they are in; a trail
    does not record it unless it is told to. Access logs to any bucket pass.
    """
    refuse_missing(trail)
    if trail.bucket_log_bucket is None:
        yield Problem(f"access to its bucket {trail.bucket} is not logged", expected="access logs", found="none")
