from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.partition import home_region
from awsaudit.resources.s3 import AccountPublicAccess
from awsaudit_checks.s3.block import SETTINGS, lacking


@check(
    "s3-account-public-access-block",
    title="S3 blocks public access for the whole account",
    severity=Severity.MEDIUM,
    equivalents=("prowler:s3_account_level_public_access_blocks",),
    remediation=Remediation(
        text="Turn all four settings on for the account. A bucket that is meant to be public stops being so: put CloudFront "
        "in front of it first.",
        cli="aws s3control put-public-access-block --region {home} --account-id {account} "
        f"--public-access-block-configuration {SETTINGS}",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html",
    ),
)
def account_public_access_block(settings: AccountPublicAccess) -> Iterator[Problem]:
    """
    The account's settings hold for every bucket and access point, also for those that somebody makes next week with a policy
    copied from a tutorial. All four on passes. What AWS answers has the organization's S3 policy in it.
    """
    off = lacking(settings.public_access_block)
    if off:
        yield Problem(
            f"{', '.join(off)} off for the account",
            expected="all four on",
            found=f"{len(off)} off",
            fill={"home": home_region(settings.partition, "s3")},
        )
