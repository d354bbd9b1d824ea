import pytest

from awsaudit import Status
from awsaudit.resources.secretsmanager import DESCRIBE
from awsaudit.testing import run_check, statuses
from awsaudit_checks.secretsmanager.replica_in_sync import replica_in_sync


def replicated(secret, *replicas, **fields):
    return secret({DESCRIBE: {"ReplicationStatus": list(replicas)}}, PrimaryRegion="eu-west-1", **fields)


def test_flags_a_failed_replica(secret):
    """
    Each failed replica fails with AWS's reason; the command replicates again with the key that it has.
    """
    key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd"
    failed = {
        "Region": "us-east-1",
        "Status": "Failed",
        "StatusMessage": "Access to KMS is not allowed",
        "KmsKeyId": key,
    }
    fine = {"Region": "eu-central-1", "Status": "InSync"}
    (finding,) = run_check(replica_in_sync, replicated(secret, failed, fine))

    assert (Status.FAIL, "us-east-1") == (finding.status, finding.sub_key)
    assert "the replica in us-east-1 is Failed: Access to KMS is not allowed" == finding.message
    assert (
        "aws secretsmanager replicate-secret-to-regions --region eu-west-1 "
        "--secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf "
        f"--add-replica-regions Region=us-east-1,KmsKeyId={key} --force-overwrite-replica-secret" == finding.fix
    )


def test_flags_a_replica_that_stays_under_way(secret):
    """
    An hour after the last change nothing should be under way any more; a replica under AWS's key keeps that.
    """
    slow = {"Region": "us-east-1", "Status": "InProgress"}
    (finding,) = run_check(replica_in_sync, replicated(secret, slow))

    assert (Status.FAIL, "InProgress") == (finding.status, finding.found)
    assert "--add-replica-regions Region=us-east-1 " in finding.fix


def test_waits_for_a_replica_under_way(secret):
    """
    Within the hour it is not known how it ends, unless another replica has failed.
    """
    slow = {"Region": "us-east-1", "Status": "InProgress"}
    failed = {"Region": "eu-central-1", "Status": "Failed"}
    now = {"LastChangedDate": "2026-11-24T11:30:00Z"}

    assert [Status.UNKNOWN] == statuses(run_check(replica_in_sync, replicated(secret, slow, **now)))
    assert ["eu-central-1"] == [f.sub_key for f in run_check(replica_in_sync, replicated(secret, slow, failed, **now))]


def test_accepts_replicas_in_sync(secret):
    """
    All replicas in sync pass.
    """
    regions = [{"Region": region, "Status": "InSync"} for region in ("us-east-1", "eu-central-1")]

    assert [Status.PASS] == statuses(run_check(replica_in_sync, replicated(secret, *regions)))


@pytest.mark.parametrize("fields", [{"PrimaryRegion": "us-east-1"}, {"DeletedDate": "2026-11-20T00:00:00Z"}])
def test_does_not_concern_replicas_and_deleted_secrets(secret, fields):
    """
    A replica is judged at its primary; a deleted secret is not.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(replica_in_sync, secret({DESCRIBE: None}, **fields)))


def test_does_not_concern_secrets_without_replicas(secret):
    """
    A secret of one region has nothing to be in sync.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(replica_in_sync, secret({DESCRIBE: {}})))
