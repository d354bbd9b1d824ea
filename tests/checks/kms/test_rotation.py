import pytest

from awsaudit import Status
from awsaudit.resources.kms import DESCRIBE, LIST, ROTATION, Key
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.kms.rotation import rotation


ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
ELIGIBLE = {"KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "KeyState": "Enabled"}


def key(status=None, **metadata):
    return fake(Key, {LIST: {"KeyId": ID, "KeyArn": ARN}, DESCRIBE: {**ELIGIBLE, **metadata}, ROTATION: status})


def test_flags_a_key_that_does_not_rotate():
    """
    An enabled symmetric customer key without rotation fails, and the command turns it on.
    """
    (finding,) = run_check(rotation, key({"KeyRotationEnabled": False}))

    assert Status.FAIL is finding.status
    assert f"aws kms enable-key-rotation --region eu-west-1 --key-id {ID}" == finding.fix


def test_flags_a_primary():
    """
    The primary of a multi-Region key is where its rotation is set.
    """
    primary = {"MultiRegion": True, "MultiRegionConfiguration": {"MultiRegionKeyType": "PRIMARY"}}

    assert [Status.FAIL] == statuses(run_check(rotation, key({"KeyRotationEnabled": False}, **primary)))


@pytest.mark.parametrize("period", [{}, {"RotationPeriodInDays": 90}, {"RotationPeriodInDays": 365}])
def test_accepts_rotation(period):
    """
    Rotation passes, yearly or more often; AWS leaves the period out where it is a year.
    """
    (finding,) = run_check(rotation, key({"KeyRotationEnabled": True, **period}))

    assert Status.PASS is finding.status
    assert () == finding.notes


def test_remarks_on_rare_rotation():
    """
    A period of more than a year passes with a remark.
    """
    (finding,) = run_check(rotation, key({"KeyRotationEnabled": True, "RotationPeriodInDays": 1000}))

    assert Status.PASS is finding.status
    assert ("it rotates every 1000 days, less often than once a year",) == finding.notes


@pytest.mark.parametrize(
    "metadata",
    [
        {"KeyManager": "AWS"},
        {"KeySpec": "ECC_SECG_P256K1"},
        {"KeySpec": "HMAC_256"},
        {"Origin": "EXTERNAL"},
        {"Origin": "AWS_CLOUDHSM"},
        {"Origin": "EXTERNAL_KEY_STORE"},
        {"KeyState": "Disabled"},
        {"KeyState": "PendingDeletion"},
        {"MultiRegionConfiguration": {"MultiRegionKeyType": "REPLICA"}},
    ],
)
def test_does_not_concern_keys_that_cannot_rotate(metadata):
    """
    AWS's keys, asymmetric and HMAC keys, foreign material, disabled keys and replicas are not asked to rotate.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation, key(**metadata)))


def test_believes_aws_that_a_key_cannot_rotate():
    """
    Where AWS answers that the operation is not supported, the check does not apply.
    """
    (finding,) = run_check(rotation, key({"error_code": "UnsupportedOperationException"}))

    assert Status.NOT_APPLICABLE is finding.status


def test_does_not_guess_a_refused_status():
    """
    A refused GetKeyRotationStatus leaves an eligible key unknown, and says nothing of AWS's own keys.
    """
    gap = refused(Key, ROTATION)

    assert [Status.UNKNOWN] == statuses(run_check(rotation, key(gap)))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation, key(gap, KeyManager="AWS")))
