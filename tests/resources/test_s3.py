import pytest

from awsaudit import EvidenceMissing
from awsaudit.declare import iam_actions
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    LIST,
    NOTIFICATION,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    AccountPublicAccess,
    Bucket,
    Encryption,
    PublicAccessBlock,
)
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect, plan_of


BLOCK = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": False,
    "RestrictPublicBuckets": True,
}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("kind", [Bucket, AccountPublicAccess])
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


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


@pytest.mark.parametrize(("told", "on"), [({}, False), ({"EventBridgeConfiguration": {}}, True)])
def test_event_bridge_is_on_where_there_is_a_structure(told, on):
    """
    It is empty.
    """
    assert on is fake(Bucket, {LIST: {"Name": "x"}, NOTIFICATION: told}).event_bridge


def test_the_account_has_settings_of_its_own():
    """
    The account's are asked of another service, and the IAM actions are called otherwise than the operations.
    """
    account = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: BLOCK})

    assert account.public_access_block.restrict_buckets
    assert ("s3:GetAccountPublicAccessBlock",) == iam_actions("s3control", ACCOUNT_PUBLIC_ACCESS)
    assert ("s3:GetEncryptionConfiguration",) == iam_actions("s3", ENCRYPTION)


DETAILS = {
    "get_bucket_versioning": None,
    "get_bucket_policy": "NoSuchBucketPolicy",
    "get_public_access_block": "NoSuchPublicAccessBlockConfiguration",
    "get_bucket_encryption": "ServerSideEncryptionConfigurationNotFoundError",
    "get_bucket_tagging": "NoSuchTagSet",
    "get_bucket_notification_configuration": None,
}


def listing(session):
    bucket = {"Name": "ledger", "BucketRegion": "eu-west-1"}
    session.stub("s3", "us-east-1").add_response("list_buckets", {"Buckets": [bucket]}, {"MaxBuckets": 1000})
    return session.stub("s3", "eu-west-1")


def test_what_there_is_none_of_is_unset(session):
    """
    Each setting has an error of its own for being unset.
    """
    s3 = listing(session)
    for operation, code in DETAILS.items():
        if code:
            s3.add_client_error(operation, code, http_status_code=404)
        else:
            s3.add_response(operation, {})

    (bucket,) = collect(session, Bucket).every(Bucket)

    assert (None, None, None, {}) == (bucket.policy, bucket.public_access_block, bucket.encryption, bucket.tags)


def test_what_is_refused_is_unknown(session):
    """
    Refused is not unset; the gap names the IAM action, whatever the operation is called.
    """
    s3 = listing(session)
    for operation in DETAILS:
        s3.add_client_error(operation, "AccessDenied", http_status_code=403)

    (bucket,) = collect(session, Bucket).every(Bucket)

    with pytest.raises(EvidenceMissing, match="grant s3:GetBucketPolicy"):
        _ = bucket.policy
    with pytest.raises(EvidenceMissing, match="grant s3:GetBucketPublicAccessBlock"):
        _ = bucket.public_access_block
    with pytest.raises(EvidenceMissing, match="grant s3:GetEncryptionConfiguration"):
        _ = bucket.encryption
    assert "s3:GetBucketTagging" in plan_of(Bucket).actions()


def test_a_bucket_that_is_gone_is_none(session):
    """
    One that was deleted between the list and the details is left out.
    """
    s3 = listing(session)
    for operation in DETAILS:
        s3.add_client_error(operation, "NoSuchBucket", http_status_code=404)

    assert () == collect(session, Bucket).every(Bucket)


@pytest.mark.parametrize("code", ["NoSuchPublicAccessBlockConfiguration", "AccessDenied"])
def test_the_account_is_asked_once(session, code):
    """
    It is named in the request, which goes to the home region; none and refused are told apart.
    """
    control = session.stub("s3control", "us-east-1")
    wanted = {"AccountId": "111122223333"}
    control.add_client_error("get_public_access_block", code, http_status_code=403, expected_params=wanted)

    (account,) = collect(session, AccountPublicAccess, regions=("eu-west-1", "eu-central-1")).every(AccountPublicAccess)

    if code == "AccessDenied":
        with pytest.raises(EvidenceMissing, match="grant s3:GetAccountPublicAccessBlock"):
            _ = account.public_access_block
    else:
        assert account.public_access_block is None
