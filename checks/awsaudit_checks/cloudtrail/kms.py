from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail


@check(
    "cloudtrail-kms",
    title="Trails are encrypted with KMS",
    severity=Severity.LOW,
    equivalents=("prowler:cloudtrail_kms_encryption_enabled",),
    remediation=Remediation(
        text="Make a key whose policy lets cloudtrail.amazonaws.com encrypt for this trail and those decrypt who read logs, "
        "then set it with aws cloudtrail update-trail --kms-key-id.",
        cli=None,
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    ),
)
def kms(trail: OwnTrail) -> Iterator[Problem]:
    """
    Without a key of KMS whoever may read the bucket reads who does what in the account, and from where. With one they need
    the right to decrypt as well, and each reading leaves a trace. S3's own encryption, which is always on, asks nobody.
    """
    if trail.kms_key_id is None:
        yield Problem("its files are encrypted with S3's own key", expected="a KMS key", found="SSE-S3")
