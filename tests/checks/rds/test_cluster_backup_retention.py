import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.cluster_backup_retention import cluster_backup_retention


def test_flags_the_default_of_one_day(make_cluster):
    """
    One day fails, and the command sets a week.
    """
    (finding,) = run_check(cluster_backup_retention, make_cluster(BackupRetentionPeriod=1))

    assert (Status.FAIL, "automated backups are kept 1 day") == (finding.status, finding.message)
    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier beacon --backup-retention-period 7 "
        "--apply-immediately" == finding.fix
    )


@pytest.mark.parametrize(
    "described",
    [
        {"BackupRetentionPeriod": 7},
        {
            "BackupRetentionPeriod": 1,
            "AwsBackupRecoveryPointArn": "arn:aws:backup:eu-west-1:111122223333:recovery-point:1",
        },
    ],
)
def test_accepts_a_week_or_a_continuous_backup(make_cluster, described):
    """
    Seven days pass, and so does a continuous backup by AWS Backup.
    """
    assert [Status.PASS] == statuses(run_check(cluster_backup_retention, make_cluster(**described)))


def test_the_days_are_an_option(make_cluster):
    """
    Who needs two weeks sets 14.
    """
    assert [Status.FAIL] == statuses(run_check(cluster_backup_retention, make_cluster(), min_days=14))


@pytest.mark.parametrize(
    "described",
    [
        {"ReplicationSourceIdentifier": "arn:aws:rds:us-east-1:111122223333:cluster:beacon"},
        {"Engine": "neptune"},
        {"Status": "deleting"},
    ],
)
def test_leaves_alone_replicas(make_cluster, described):
    """
    A replica of another cluster, and what is not of RDS, is not judged.
    """
    findings = run_check(cluster_backup_retention, make_cluster(BackupRetentionPeriod=1, **described))

    assert [Status.NOT_APPLICABLE] == statuses(findings)
