import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.cluster_storage_encrypted import cluster_storage_encrypted


@pytest.mark.parametrize("described", [{}, {"StorageEncryptionType": "none"}])
def test_flags_unencrypted_storage(make_cluster, described):
    """
    Neither the flag nor the type fails, and the commands restore an encrypted copy with a member.
    """
    (finding,) = run_check(cluster_storage_encrypted, make_cluster(StorageEncrypted=False, **described))

    assert (Status.FAIL, "the storage is not encrypted", "none") == (finding.status, finding.message, finding.found)
    assert (
        'SNAPSHOT=beacon-"$(date +%Y%m%d%H%M)" && '
        "aws rds create-db-cluster-snapshot --region eu-west-1 --db-cluster-identifier beacon "
        '--db-cluster-snapshot-identifier "$SNAPSHOT" && '
        'aws rds wait db-cluster-snapshot-available --region eu-west-1 --db-cluster-snapshot-identifier "$SNAPSHOT" && '
        "aws rds restore-db-cluster-from-snapshot --region eu-west-1 --db-cluster-identifier beacon-encrypted "
        '--snapshot-identifier "$SNAPSHOT" --engine aurora-postgresql --engine-version 17.4 --kms-key-id alias/aws/rds '
        "--db-subnet-group-name private && "
        "aws rds wait db-cluster-available --region eu-west-1 --db-cluster-identifier beacon-encrypted && "
        "aws rds create-db-instance --region eu-west-1 --db-cluster-identifier beacon-encrypted "
        "--db-instance-identifier beacon-encrypted-1 --engine aurora-postgresql "
        '--db-instance-class "$(aws rds describe-db-instances --region eu-west-1 '
        "--filters Name=db-cluster-id,Values=beacon --query 'DBInstances[0].DBInstanceClass' --output text)\""
        == finding.fix
    )


@pytest.mark.parametrize(
    ("described", "ending"),
    [
        ({"EngineMode": "serverless"}, " --engine-mode serverless"),
        (
            {"Engine": "postgres"},
            (
                ' --db-cluster-instance-class "$(aws rds describe-db-clusters --region eu-west-1 --db-cluster-identifier '
                "beacon --query 'DBClusters[0].DBClusterInstanceClass' --output text)\""
            ),
        ),
    ],
)
def test_restores_a_copy_of_its_own_kind(make_cluster, described, ending):
    """
    Serverless v1 is restored as such, and a Multi-AZ cluster with the class of its members.
    """
    (finding,) = run_check(cluster_storage_encrypted, make_cluster(**described))

    assert finding.fix.endswith(f"--db-subnet-group-name private{ending}")


@pytest.mark.parametrize(
    "described",
    [
        {"StorageEncrypted": True},
        {"StorageEncrypted": False, "StorageEncryptionType": "sse-kms"},
        {"StorageEncrypted": False, "StorageEncryptionType": "sse-rds"},
    ],
)
def test_accepts_any_encryption(make_cluster, described):
    """
    A KMS key passes, and so does the key that AWS owns, under which the old flag stays false.
    """
    assert [Status.PASS] == statuses(run_check(cluster_storage_encrypted, make_cluster(**described)))


def test_leaves_alone_other_services(make_cluster):
    """
    Clusters of Neptune and DocumentDB are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_storage_encrypted, make_cluster(Engine="neptune")))
