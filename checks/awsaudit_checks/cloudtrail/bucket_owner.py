from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudtrail import OwnTrail
from awsaudit_checks.cloudtrail.bucket import EXISTS, MISSING, hidden


@check(
    "cloudtrail-bucket-owner",
    title="The trail bucket exists in a known account",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Make a bucket of that name at once, before somebody else does, with the policy that CloudTrail needs; or give the "
        "trail another one. Where it is another account's on purpose, name the bucket in the option buckets.",
        cli=None,
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    ),
)
def bucket_owner(trail: OwnTrail, *, buckets: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    The name of a bucket that was deleted is free: whoever takes it is sent who does what in the account. A bucket of the
    account passes, and one that *buckets* names and that exists, such as that of a log archive. Whose another one is, no call
    tells.
    """
    if trail.bucket_status == MISSING:
        yield Problem(
            f"its bucket {trail.bucket} does not exist, and anybody may make it",
            expected="a bucket of the account",
            found="none",
        )
    elif trail.bucket_status != EXISTS and trail.bucket not in buckets:
        raise Undecided(hidden(trail))
