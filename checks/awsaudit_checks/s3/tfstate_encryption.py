from collections.abc import Iterator
from typing import Final

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.state import refuse_others


_KMS: Final = frozenset({"aws:kms", "aws:kms:dsse"})
_RULE: Final = '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms"},"BucketKeyEnabled":true}]}'
# What the rule says besides stays: a rule is replaced as a whole.
_CHANGED: Final = (
    "ServerSideEncryptionConfiguration.{Rules: [Rules[0].merge(@, "
    '{ApplyServerSideEncryptionByDefault: `{"SSEAlgorithm":"aws:kms"}`, BucketKeyEnabled: `true`})]}'
)
_PUT: Final = "aws s3api put-bucket-encryption --region {region} --bucket {name} --server-side-encryption-configuration"
_MEND: Final = (
    "CONFIGURATION=$(aws s3api get-bucket-encryption --region {region} --bucket {name} --query {changed} --output json) && "
    f'{_PUT} "$CONFIGURATION"'
)


@check(
    "s3-tfstate-encryption",
    title="Terraform state is encrypted with KMS",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Encrypt the bucket with KMS by default, best with a key of your own whose policy says who decrypts; give "
        "Terraform's backend the same key as kms_key_id, as encrypt = true alone asks for AES256 object by object.",
        cli=_MEND,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
    ),
)
def tfstate_encryption(
    bucket: Bucket, *, buckets: tuple[str, ...] = (), customer_key: bool = False
) -> Iterator[Problem | Note]:
    """
    State holds passwords in plain text. Under AES256 whoever may read the object has them; with KMS the key is a second lock,
    and CloudTrail tells who opened it. KMS by default passes, with *customer_key* only under a key of the account's own.
    Objects may ask for something else one by one, and are not looked at.
    """
    refuse_others(bucket, buckets)
    encryption = bucket.encryption
    if encryption is None or encryption.algorithm not in _KMS:
        found = encryption.algorithm if encryption else "none"
        yield Problem(
            f"new objects are encrypted with {found} by default" if encryption else "nothing is encrypted by default",
            expected="aws:kms",
            found=found,
            # There is no command that knows which key to take.
            fill={} if customer_key else {"changed": _CHANGED, "rule": _RULE},
            cli=None if encryption else f"{_PUT} {{rule}}",
        )
    elif customer_key and (encryption.key_id or "alias/aws/s3").endswith("alias/aws/s3"):
        yield Problem(
            "new objects are encrypted with the key that AWS manages", expected="a customer managed key", found="aws/s3"
        )
    else:
        yield Note("a backend with encrypt = true and no kms_key_id overrides it with AES256 for its objects")
