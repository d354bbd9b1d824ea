import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.storage_encrypted import storage_encrypted


@pytest.mark.parametrize("described", [{}, {"StorageEncryptionType": "none"}])
def test_flags_unencrypted_storage(make_instance, described):
    """
    Neither the flag nor the type fails, and the commands restore an encrypted copy in the same network.
    """
    groups = [{"VpcSecurityGroupId": "sg-1", "Status": "active"}, {"VpcSecurityGroupId": "sg-2", "Status": "active"}]
    (finding,) = run_check(
        storage_encrypted, make_instance(StorageEncrypted=False, VpcSecurityGroups=groups, **described)
    )

    assert (Status.FAIL, "the storage is not encrypted", "none") == (finding.status, finding.message, finding.found)
    assert (
        'SNAPSHOT=deposits-"$(date +%Y%m%d%H%M)" && '
        "aws rds create-db-snapshot --region eu-west-1 --db-instance-identifier deposits "
        '--db-snapshot-identifier "$SNAPSHOT" && '
        'aws rds wait db-snapshot-available --region eu-west-1 --db-snapshot-identifier "$SNAPSHOT" && '
        'aws rds copy-db-snapshot --region eu-west-1 --source-db-snapshot-identifier "$SNAPSHOT" '
        '--target-db-snapshot-identifier "$SNAPSHOT"-encrypted --kms-key-id alias/aws/rds --copy-tags && '
        'aws rds wait db-snapshot-available --region eu-west-1 --db-snapshot-identifier "$SNAPSHOT"-encrypted && '
        "aws rds restore-db-instance-from-db-snapshot --region eu-west-1 --db-instance-identifier deposits-encrypted "
        '--db-snapshot-identifier "$SNAPSHOT"-encrypted --db-subnet-group-name private '
        '--vpc-security-group-ids \'["sg-1", "sg-2"]\' --no-publicly-accessible' == finding.fix
    )


@pytest.mark.parametrize(
    "described",
    [
        {"StorageEncrypted": True},
        {"StorageEncrypted": False, "StorageEncryptionType": "sse-kms"},
        {"StorageEncrypted": False, "StorageEncryptionType": "sse-rds"},
    ],
)
def test_accepts_any_encryption(make_instance, described):
    """
    A KMS key passes, and so does a key that AWS owns, under which the old flag stays false.
    """
    assert [Status.PASS] == statuses(run_check(storage_encrypted, make_instance(**described)))


@pytest.mark.parametrize("described", [{"DBClusterIdentifier": "beacon"}, {"Engine": "docdb"}])
def test_leaves_alone_members(make_instance, described):
    """
    Members share the storage of their cluster.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(storage_encrypted, make_instance(**described)))
