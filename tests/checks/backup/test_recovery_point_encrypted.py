import pytest

from awsaudit import Status
from awsaudit.resources.backup import POINTS, RecoveryPoint
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.backup.recovery_point_encrypted import recovery_point_encrypted


def point(**more):
    arn = "arn:aws:backup:eu-west-1:111122223333:recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45"
    database = "arn:aws:rds:eu-west-1:111122223333:db:deposits"
    return fake(
        RecoveryPoint, {POINTS: {"RecoveryPointArn": arn, "Status": "COMPLETED", "ResourceArn": database, **more}}
    )


def test_flags_one_that_is_not_encrypted():
    """
    What was backed up is named.
    """
    (finding,) = run_check(recovery_point_encrypted, point(IsEncrypted=False))

    assert Status.FAIL is finding.status
    assert "the backup of arn:aws:rds:eu-west-1:111122223333:db:deposits is not encrypted" == finding.message


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"IsEncrypted": True}, Status.PASS),
        ({"IsEncrypted": True, "Status": "AVAILABLE"}, Status.PASS),
        ({}, Status.UNKNOWN),
        ({"IsEncrypted": False, "Status": "EXPIRED"}, Status.NOT_APPLICABLE),
        ({"IsEncrypted": False, "Status": "PARTIAL"}, Status.NOT_APPLICABLE),
    ],
)
def test_judges_what_can_be_restored(more, status):
    """
    Untold is unknown; what cannot be restored is not judged.
    """
    assert [status] == statuses(run_check(recovery_point_encrypted, point(**more)))
