from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.exposed import Shared, exposure_of
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.s3.public import PUBLIC, READS, is_public


_SHOWN: Final = 3


@check(
    "s3-validator-keystore-in-bucket",
    title="Validator keystores and wallet keys do not lie in buckets",
    severity=Severity.HIGH,
    uses=PUBLIC,
    remediation=Remediation(
        text="Keep signing keys in a remote signer or in Secrets Manager. Delete every version of the object; whoever may have "
        "read it has the key: move the funds, or exit the validator. Never run the key on a second host meanwhile, which is "
        "slashed.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html",
    ),
)
def validator_keystore_in_bucket(bucket: Bucket, account: Inventory) -> Iterator[Problem]:
    """
    A keystore in a bucket is a backup that signs: with its password, often beside it, anybody who reads it gets the validator
    slashed or the wallet emptied. Looked at are the names of the first 1,000 objects, never what is in them. Critical where
    strangers read the bucket, medium under a key of the account's own, high otherwise; more names than that are not known.
    """
    found = bucket.key_files
    if not found:
        if bucket.has_more:
            raise Undecided("none of its first 1,000 objects is called like a key; it has more")
        return
    strangers = certain((is_public, _admits_strangers), lambda ask: ask(bucket, account) or None, most=1)
    severity = Severity.CRITICAL if strangers else Severity.MEDIUM if _has_own_key(bucket) else None
    rest = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    yield Problem(
        f"it keeps what is called like private keys: {', '.join(found[:_SHOWN])}{rest}"
        + ("; strangers read the bucket" if strangers else ""),
        expected="no private keys",
        found=f"{len(found)} objects",
        severity=severity,
    )


def _admits_strangers(bucket: Bucket, account: Inventory) -> bool:
    shared = Shared(bucket.policy, f"the bucket {bucket.name}", bucket.arn, Bucket.type)
    found = exposure_of(shared, account, actions=READS)

    return bool(found and any(o.known is not True and not o.depends_on for o in found.cross_account))


def _has_own_key(bucket: Bucket) -> bool:
    encryption = bucket.encryption
    return bool(encryption and encryption.key_id and not encryption.key_id.endswith("alias/aws/s3"))
