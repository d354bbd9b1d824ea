import pytest

from awsaudit import Severity, Status
from awsaudit.resources.secretsmanager import KEY, LIST, Secret
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.secretsmanager.key_available import key_available


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-AbCdEf"


def secret(key=None, **listed):
    item = {"ARN": ARN, "Name": "api", "CreatedDate": "2026-01-01T00:00:00+00:00", "KmsKeyId": "alias/app", **listed}
    return fake(Secret, {LIST: item, KEY: key})


@pytest.mark.parametrize("state", ["Enabled", "Creating", "Updating"])
def test_a_key_that_works_passes(state):
    """
    An enabled key passes, and so does one that is about to be.
    """
    assert [Status.PASS] == statuses(run_check(key_available, secret({"KeyId": "k-1", "KeyState": state})))


@pytest.mark.parametrize(
    ("state", "severity", "fix"),
    [
        ("Disabled", Severity.HIGH, "aws kms enable-key --region eu-west-1 --key-id k-1"),
        (
            "PendingDeletion",
            Severity.CRITICAL,
            "aws kms cancel-key-deletion --region eu-west-1 --key-id k-1 && aws kms",
        ),
        ("PendingReplicaDeletion", Severity.CRITICAL, "aws kms cancel-key-deletion --region eu-west-1 --key-id k-1"),
        ("Unavailable", Severity.CRITICAL, None),
        ("PendingImport", Severity.CRITICAL, None),
    ],
)
def test_flags_a_key_that_does_not(state, severity, fix):
    """
    What a command can mend, it mends; a key store that is off and material that is missing it cannot.
    """
    [finding] = run_check(key_available, secret({"KeyId": "k-1", "KeyState": state}))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert [True, False] == [hop.holds for hop in finding.path]
    assert (finding.fix or "").startswith(fix) if fix else finding.fix is None


def test_flags_a_key_that_is_no_more():
    """
    A key that KMS does not know was deleted: the value is lost, and no command brings it back.
    """
    [finding] = run_check(key_available, secret({"error_code": "NotFoundException"}))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "the value cannot be read again" in finding.message
    assert finding.fix is None


def test_refused_is_unknown():
    """
    A key of another account, or one that was refused, is not judged.
    """
    assert [Status.UNKNOWN] == statuses(run_check(key_available, secret(refused(Secret, KEY))))


@pytest.mark.parametrize(
    "listed", [{"KmsKeyId": None}, {"DeletedDate": "2026-12-01T00:00:00+00:00"}, {"OwningService": "rds"}]
)
def test_does_not_apply(listed):
    """
    AWS's own key is kept enabled; a secret that is to be deleted, or that AWS looks after, is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(key_available, secret(None, **listed)))
