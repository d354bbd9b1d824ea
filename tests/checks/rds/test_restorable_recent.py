import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.restorable_recent import restorable_recent


FRESH = "2026-11-24T11:55:00+00:00"
OLD = "2026-11-22T07:30:00+00:00"


def test_flags_an_instance_whose_backups_fell_behind(make_instance):
    """
    A latest restorable time of days ago fails; the commands take a snapshot and show the events.
    """
    (finding,) = run_check(restorable_recent, make_instance(LatestRestorableTime=OLD))

    assert Status.FAIL is finding.status
    assert "the latest restorable time is 2 days 4 hours ago" == finding.message
    assert (
        "aws rds create-db-snapshot --region eu-west-1 --db-instance-identifier deposits "
        '--db-snapshot-identifier deposits-"$(date +%Y%m%d%H%M)" && '
        "aws rds describe-events --region eu-west-1 --source-type db-instance --source-identifier deposits "
        "--duration 10080" == finding.fix
    )


def test_flags_a_cluster_with_a_command_for_clusters(make_cluster):
    """
    A cluster is judged on its own field, and its command is that for clusters.
    """
    (finding,) = run_check(restorable_recent, make_cluster(LatestRestorableTime="2026-11-24T10:58:30+00:00"))

    assert "the latest restorable time is 1 hour ago" == finding.message
    assert finding.fix.startswith(
        "aws rds create-db-cluster-snapshot --region eu-west-1 --db-cluster-identifier beacon "
    )


def test_flags_a_database_without_a_moment_to_restore_to(make_instance):
    """
    Backups without a latest restorable time fail.
    """
    (finding,) = run_check(restorable_recent, make_instance())

    assert (Status.FAIL, "there is no moment to restore to") == (finding.status, finding.message)


def test_accepts_a_recent_time(make_instance, make_cluster):
    """
    Within the hour passes, for instances and clusters.
    """
    instances = run_check(restorable_recent, make_instance(LatestRestorableTime=FRESH))
    clusters = run_check(restorable_recent, make_cluster(LatestRestorableTime=FRESH))

    assert [Status.PASS, Status.PASS] == [*statuses(instances), *statuses(clusters)]


def test_the_minutes_are_an_option(make_instance):
    """
    Who needs less than an hour sets it.
    """
    (finding,) = run_check(restorable_recent, make_instance(LatestRestorableTime=FRESH), max_age_minutes=4)

    assert (Status.FAIL, "the latest restorable time is 5 minutes ago") == (finding.status, finding.message)


@pytest.mark.parametrize(
    "described",
    [
        {"BackupRetentionPeriod": 0},
        {"DBClusterIdentifier": "beacon"},
        {"ReadReplicaSourceDBInstanceIdentifier": "withdrawals"},
        {"DBInstanceStatus": "storage-full"},
        {"DBInstanceStatus": "stopped"},
        {"InstanceCreateTime": "2026-11-24T01:00:00+00:00"},
        {"InstanceCreateTime": None},
        {"BackupTarget": "outposts"},
        {"Engine": "neptune"},
    ],
)
def test_leaves_alone_instances_that_make_no_backups_now(make_instance, described):
    """
    Without backups, stopped, new, a replica, a member or on an Outpost, an instance is not judged.
    """
    findings = run_check(restorable_recent, make_instance(LatestRestorableTime=OLD, **described))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


@pytest.mark.parametrize(
    "described",
    [
        {"Capacity": 0, "EngineMode": "serverless"},
        {"Status": "stopped"},
        {"ReplicationSourceIdentifier": "arn:aws:rds:us-east-1:111122223333:cluster:beacon"},
        {"ClusterCreateTime": "2026-11-24T01:00:00+00:00"},
    ],
)
def test_leaves_alone_clusters_that_rest(make_cluster, described):
    """
    A paused, stopped or new cluster is not judged.
    """
    findings = run_check(restorable_recent, make_cluster(LatestRestorableTime=OLD, **described))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


def test_a_serverless_cluster_that_may_be_paused_is_unknown(make_cluster):
    """
    Serverless v2 does not say whether it is paused; an old time then settles nothing.
    """
    scaling = {"MinCapacity": 0, "SecondsUntilAutoPause": 300}
    cluster = make_cluster(LatestRestorableTime=OLD, ServerlessV2ScalingConfiguration=scaling)

    assert [Status.UNKNOWN] == statuses(run_check(restorable_recent, cluster))
