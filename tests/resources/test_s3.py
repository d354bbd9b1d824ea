import pytest

from awsaudit import EvidenceMissing
from awsaudit.declare import iam_actions
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ACL,
    ENCRYPTION,
    LIFECYCLE,
    LIST,
    LOGGING,
    NOTIFICATION,
    OBJECT_LOCK,
    OWNERSHIP,
    POINT,
    POINT_STATUS,
    POINTS,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    VERSIONING,
    AccessPoint,
    AccountPublicAccess,
    Bucket,
    Encryption,
    Grant,
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


@pytest.mark.parametrize("kind", [AccessPoint, AccountPublicAccess, Bucket])
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


def test_reads_who_is_granted_what():
    """
    Groups by URI, accounts by canonical id.
    """
    everybody = "http://acs.amazonaws.com/groups/global/AllUsers"
    grants = [
        {"Grantee": {"ID": "abc", "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"},
        {"Grantee": {"URI": everybody, "Type": "Group"}, "Permission": "READ"},
    ]
    bucket = fake(Bucket, {LIST: {"Name": "x"}, ACL: {"Owner": {"ID": "abc"}, "Grants": grants}, OWNERSHIP: None})

    assert (Grant("FULL_CONTROL", None, "abc"), Grant("READ", everybody, None)) == bucket.grants
    assert ("abc", None) == (bucket.owner_id, bucket.ownership)


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ({VERSIONING: {}, LOGGING: None, OBJECT_LOCK: None, LIFECYCLE: None}, (False, None, None, False)),
        (
            {
                VERSIONING: {"MFADelete": "Enabled"},
                LOGGING: {"TargetBucket": "logs"},
                OBJECT_LOCK: {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE"}}},
                LIFECYCLE: {"Rules": [{"Status": "Disabled"}, {"Status": "Enabled"}]},
            },
            (True, "logs", "COMPLIANCE", True),
        ),
        (
            {
                VERSIONING: {"MFADelete": "Disabled"},
                LOGGING: None,
                OBJECT_LOCK: {"ObjectLockEnabled": "Enabled"},
                LIFECYCLE: {"Rules": [{"Status": "Disabled"}]},
            },
            (False, None, None, False),
        ),
    ],
)
def test_reads_what_keeps_versions_and_logs(results, found):
    """
    MFA delete, access logs, a default retention, lifecycle rules.
    """
    bucket = fake(Bucket, {LIST: {"Name": "x"}, **results})

    assert found == (bucket.mfa_delete, bucket.log_bucket, bucket.object_lock_mode, bucket.expires)


def test_reads_an_access_point():
    """
    Without a policy it is not public.
    """
    listed = {
        "Name": "reports",
        "AccessPointArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/reports",
        "Bucket": "ledger",
        "NetworkOrigin": "VPC",
    }
    point = fake(AccessPoint, {POINTS: listed, POINT: {"PublicAccessBlockConfiguration": BLOCK}, POINT_STATUS: None})

    assert ("ledger", "VPC", False) == (point.bucket, point.network, point.public)
    assert PublicAccessBlock(True, True, False, True) == point.public_access_block  # noqa: FBT003
    assert ("s3:ListAccessPoints",) == iam_actions("s3control", POINTS)


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
    "get_bucket_acl": None,
    "get_bucket_ownership_controls": "OwnershipControlsNotFoundError",
    "get_bucket_logging": None,
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
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
    assert ((), None, None, None) == (bucket.grants, bucket.ownership, bucket.log_bucket, bucket.object_lock_mode)
    assert bucket.expires is False


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
