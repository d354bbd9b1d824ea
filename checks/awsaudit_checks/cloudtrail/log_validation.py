from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail


@check(
    "cloudtrail-log-validation",
    title="Log file validation is on",
    severity=Severity.MEDIUM,
    equivalents=("prowler:cloudtrail_log_file_validation_enabled",),
    remediation=Remediation(
        text="Switch log file validation on; CloudTrail then signs each hour what it wrote.",
        cli="aws cloudtrail update-trail --region {region} --name {arn} --enable-log-file-validation",
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
    ),
)
def log_validation(trail: OwnTrail) -> Iterator[Problem]:
    """
    Whoever may write to the bucket may change what a log says, or take a file away, and nobody can tell. With signed digests
    both show. A trail that does not record at present has nothing to sign, and one of another account of the organization is
    that account's to set.
    """
    if trail.log_validation:
        return
    if not trail.logging:
        raise NotApplicable("the trail does not record at present")
    yield Problem("log file validation is off", expected="on", found="off")
