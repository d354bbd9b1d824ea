from collections.abc import Iterator
from typing import Final

from attrs import evolve

from awsaudit import Inventory, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.s3 import AccountPublicAccess, Bucket
from awsaudit_checks.exposed import Mend, Shared, crossing, exposure_of, mended, stranger_problems, ways
from awsaudit_checks.repair import limited, narrowed
from awsaudit_checks.s3.log_delivery import LOG_ACCOUNTS, LOG_ACTIONS


# What lets an account take the bucket over.
# https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6
_RULING: Final = (
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
    "s3:PutObjectAcl",
)
_USING: Final = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation")
_DELETE: Final = "aws s3api delete-bucket-policy --region {region} --bucket {name}"
_MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=_DELETE)


@check(
    "s3-bucket-policy-cross-account",
    title="Bucket policies admit only known accounts",
    severity=Severity.HIGH,
    uses=(*ZONE, AccountPublicAccess.public_access_block),
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli="aws s3api put-bucket-policy --region {region} --bucket {name} --policy {new_policy}",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
    ),
    equivalents=("prowler:s3_bucket_cross_account_access",),
)
def bucket_policy_cross_account(bucket: Bucket, account: Inventory) -> Iterator[Problem | Note]:
    """
    An account that nobody knows reads or overwrites what is in the bucket; a known one passes unless it may rewrite policy,
    ACLs or encryption, which is medium. AWS's own accounts that deliver logs pass where they only write. So does everybody
    where S3 restricts the bucket because its policy is public.
    """
    asked = Shared(bucket.policy, f"the bucket {bucket.name}", bucket.arn, Bucket.type)
    found = exposure_of(asked, account)
    if found is None:
        return
    if found.public and _is_restricted(bucket, account):
        yield Note("its policy is public, for which S3 restricts it to its account and AWS services")
        return
    nameless = [o for o in found.cross_account if not o.witness.principal.account and not o.service]
    kept = tuple(o for o in found.openings if o not in nameless and not _delivers_logs(o))
    found = evolve(found, openings=kept)
    over = exposure_of(asked, account, actions=_RULING)
    rulers = [o for o in over.cross_account if o.known] if over else []
    sure = bool(rulers) or any(o.known is False for o in crossing(found))
    if nameless and not sure:
        raise Undecided(f"whose {nameless[0].who} is, no call tells")
    left = {o.statement.number: narrowed(o.statement, _RULING, _USING) for o in rulers}
    narrow = evolve(asked, document=limited(bucket.policy or {}, left))
    new = mended(narrow, found, account)
    yield from ways(asked, rulers, _MEND, new, expected="no rights over the bucket itself", severity=_medium)
    yield from stranger_problems(narrow, found, account, _MEND, beside=bool(rulers))


def _medium(_: Opening) -> Severity:
    return Severity.MEDIUM


def _delivers_logs(opening: Opening) -> bool:
    caller = opening.witness.principal.account
    return caller in LOG_ACCOUNTS and {action.lower() for action in opening.actions} <= LOG_ACTIONS


def _is_restricted(bucket: Bucket, account: Inventory) -> bool:
    """
    Tell whether S3 keeps others off a bucket with a public policy, by the setting of the bucket or of the account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    own = bucket.public_access_block
    if own and own.restrict_buckets:
        return True
    wide = next(iter(account.every(AccountPublicAccess)), None)

    return bool(wide and wide.public_access_block and wide.public_access_block.restrict_buckets)
