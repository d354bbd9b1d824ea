from awsaudit.declare import iam_actions
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    LIST,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    AccountPublicAccess,
    Bucket,
    Encryption,
    PublicAccessBlock,
)
from awsaudit.testing import fake


BLOCK = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": False,
    "RestrictPublicBuckets": True,
}


def test_bucket_settings_are_read():
    """
    A policy, what is blocked, how new objects are encrypted, and tags.
    """
    bucket = fake(
        Bucket,
        {
            LIST: {"Name": "ledger"},
            POLICY: {"Policy": '{"Statement": []}'},
            PUBLIC_ACCESS: BLOCK,
            ENCRYPTION: {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "1234abcd"},
            TAGGING: [{"Key": "env", "Value": "prod"}],
        },
    )

    assert ({"Statement": []}, {"env": "prod"}) == (bucket.policy, bucket.tags)
    assert PublicAccessBlock(True, True, False, True) == bucket.public_access_block  # noqa: FBT003
    assert Encryption("aws:kms", "1234abcd") == bucket.encryption


def test_what_is_not_set_is_unset():
    """
    S3 answers with an error where nothing is set; that is an answer.
    """
    bucket = fake(Bucket, {LIST: {"Name": "x"}, POLICY: None, PUBLIC_ACCESS: None, ENCRYPTION: None, TAGGING: None})

    assert (None, None, None, {}) == (bucket.policy, bucket.public_access_block, bucket.encryption, bucket.tags)


def test_the_account_has_settings_of_its_own():
    """
    The account's are asked of another service, and the IAM actions are called otherwise than the operations.
    """
    account = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: BLOCK})

    assert account.public_access_block.restrict_buckets
    assert ("s3:GetAccountPublicAccessBlock",) == iam_actions("s3control", ACCOUNT_PUBLIC_ACCESS)
    assert ("s3:GetEncryptionConfiguration",) == iam_actions("s3", ENCRYPTION)
