import pytest

from awsaudit import Severity, Status
from awsaudit.resources.backup import PROTECTED, ProtectedResource
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.backup_retention import backup_retention


def protected(last, name="deposits"):
    arn = f"arn:aws:rds:eu-west-1:111122223333:db:{name}"
    return fake(ProtectedResource, {PROTECTED: {"ResourceArn": arn, "LastBackupTime": last}})


@pytest.mark.parametrize(
    ("days", "severity", "message"),
    [
        (0, Severity.HIGH, "automated backups are off"),
        (1, Severity.MEDIUM, "automated backups are kept 1 day"),
        (6, Severity.MEDIUM, "automated backups are kept 6 days"),
    ],
)
def test_flags_a_short_retention(make_instance, days, severity, message):
    """
    Less than a week fails, no backups at all is high.
    """
    (finding,) = run_check(backup_retention, make_instance(BackupRetentionPeriod=days))

    assert (Status.FAIL, severity, message) == (finding.status, finding.severity, finding.message)
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --backup-retention-period 7"
        == finding.fix
    )


@pytest.mark.parametrize(
    "described",
    [
        {"BackupRetentionPeriod": 7},
        {"BackupRetentionPeriod": 35},
        {
            "BackupRetentionPeriod": 0,
            "AwsBackupRecoveryPointArn": "arn:aws:backup:eu-west-1:111122223333:recovery-point:1",
        },
    ],
)
def test_accepts_a_week_or_a_continuous_backup(make_instance, described):
    """
    Seven days pass, and so does a continuous backup by AWS Backup.
    """
    assert [Status.PASS] == statuses(run_check(backup_retention, make_instance(**described)))


@pytest.mark.parametrize(
    ("last", "name", "severity"),
    [
        ("2026-11-23T12:00:00+00:00", "deposits", Severity.LOW),
        ("2026-11-22T11:00:00+00:00", "deposits", Severity.MEDIUM),
        (None, "deposits", Severity.MEDIUM),
        ("2026-11-23T12:00:00+00:00", "withdrawals", Severity.MEDIUM),
    ],
)
def test_a_recent_snapshot_of_aws_backup_makes_it_low(make_instance, last, name, severity):
    """
    A recovery point of the last 48 hours of this instance grades a short retention down.
    """
    (finding,) = run_check(backup_retention, make_instance(BackupRetentionPeriod=1), protected(last, name))

    assert severity is finding.severity


def test_a_failure_stands_without_aws_backup(make_instance):
    """
    Where AWS Backup refuses its list, the failure stays as it is.
    """
    (finding,) = run_check(backup_retention, make_instance(BackupRetentionPeriod=1), unlisted=(ProtectedResource,))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_the_days_are_an_option(make_instance):
    """
    Who needs two weeks sets 14, and the command does too.
    """
    (finding,) = run_check(backup_retention, make_instance(), min_days=14)

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--backup-retention-period 14")


@pytest.mark.parametrize(
    "described",
    [
        {"DBClusterIdentifier": "beacon"},
        {"ReadReplicaSourceDBInstanceIdentifier": "withdrawals"},
        {"ReadReplicaSourceDBClusterIdentifier": "beacon"},
        {"Engine": "docdb"},
    ],
)
def test_leaves_alone_members_and_replicas(make_instance, described):
    """
    Members are judged at the cluster, replicas at their source.
    """
    findings = run_check(backup_retention, make_instance(BackupRetentionPeriod=0, **described))

    assert [Status.NOT_APPLICABLE] == statuses(findings)
