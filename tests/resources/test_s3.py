import pytest

from awsaudit import EvidenceMissing
from awsaudit.declare import iam_actions
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ACL,
    ENCRYPTION,
    LIFECYCLE,
    LIST,
    LOCKS,
    LOGGING,
    MULTI_REGION,
    NOTIFICATION,
    OBJECT_LOCK,
    OBJECTS,
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
    MultiRegionAccessPoint,
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


@pytest.mark.parametrize("kind", [AccessPoint, AccountPublicAccess, Bucket, MultiRegionAccessPoint])
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
    "list_objects_v2": None,
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


def test_asks_for_names_once_and_for_locks_where_there_is_state(session):
    """
    Of names the first page, however many there are; of versions those that follow the first state file.
    """
    s3 = listing(session)
    names = ["a.txt", "eu/terraform.tfstate", "us/terraform.tfstate", "validator_keys/keystore.json"]
    page = {"Contents": [{"Key": name} for name in names], "IsTruncated": True, "NextContinuationToken": "more"}
    lock = {"Key": "eu/terraform.tfstate.tflock", "VersionId": "1", "IsLatest": True}
    for operation, code in DETAILS.items():
        if operation == "list_objects_v2":
            s3.add_response(operation, page, {"Bucket": "ledger", "MaxKeys": 1000})
        elif code:
            s3.add_client_error(operation, code, http_status_code=404)
        else:
            s3.add_response(operation, {})
    asked = {"Bucket": "ledger", "Prefix": names[1], "KeyMarker": names[1], "MaxKeys": 100}
    s3.add_response("list_object_versions", {"DeleteMarkers": [lock], "IsTruncated": True}, asked)

    (bucket,) = collect(session, Bucket).every(Bucket)

    assert (tuple(names[1:3]), tuple(names[3:]), True) == (bucket.state_files, bucket.key_files, bucket.has_more)
    assert bucket.had_lock is True


@pytest.mark.parametrize(
    ("told", "had"), [(None, None), ({}, False), ({"Versions": [{"Key": "x.tfstate.backup"}]}, False)]
)
def test_tells_no_lock_from_no_state(told, had):
    """
    Where there is no state file nothing was asked.
    """
    assert had is fake(Bucket, {LIST: {"Name": "x"}, LOCKS: told}).had_lock


@pytest.mark.parametrize(
    ("name", "is_key"),
    [
        ("backup/keystore-m_12381_3600_0_0_0-1700000000.json", True),
        ("UTC--2026-01-02T03-04-05.000000000Z--5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", True),
        ("cosmos/config/priv_validator_key.json", True),
        ("wallet.mnemonic", True),
        ("validator_keys/deposit_data-1700000000.json", False),
        ("validator_keys/", False),
        ("solana-main/id.json", True),
        ("site/id.json", False),
        ("keystore.json", False),
        ("UTC--notes.txt", False),
        ("slashing_protection.json", False),
    ],
)
def test_knows_private_keys_by_name(name, is_key):
    """
    Names of clients and wallets; what lies beside for other ends is none.
    """
    bucket = fake(Bucket, {LIST: {"Name": "x"}, OBJECTS: {"Contents": [{"Key": name}]}})

    assert ((name,) if is_key else ()) == bucket.key_files


def test_signing_history_counts_beside_keys():
    """
    Alone it signs nothing.
    """
    names = ["a/keystore-m_12381_3600_1_0_0-1.json", "a/slashing_protection.json", "b/slashing_protection.json"]
    bucket = fake(Bucket, {LIST: {"Name": "x"}, OBJECTS: {"Contents": [{"Key": name} for name in names]}})

    assert tuple(names[:2]) == bucket.key_files


def test_asks_oregon_for_what_spans_regions(session):
    """
    Whatever regions are scanned.
    """
    point = {"Name": "ledger", "Alias": "mfzwi23gnjvgw.mrap", "Status": "READY", "PublicAccessBlock": BLOCK}
    s3control = session.stub("s3control", "us-west-2")
    s3control.add_response("list_multi_region_access_points", {"AccessPoints": [point]}, {"AccountId": "111122223333"})

    (found,) = collect(session, MultiRegionAccessPoint).every(MultiRegionAccessPoint)

    assert "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap" == found.arn
    assert ("s3:ListMultiRegionAccessPoints",) == iam_actions("s3control", MULTI_REGION)


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
