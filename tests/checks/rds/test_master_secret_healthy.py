import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.master_secret_healthy import master_secret_healthy


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def secret(status, **more):
    return {"MasterUserSecret": {"SecretArn": ARN, "SecretStatus": status, **more}}


def test_flags_an_impaired_secret(make_instance):
    """
    A secret that RDS lost access to fails with its key, and the command rotates it.
    """
    (finding,) = run_check(master_secret_healthy, make_instance(**secret("impaired", KmsKeyId=KEY)))

    assert Status.FAIL is finding.status
    assert f"RDS can no longer rotate the secret {ARN} under the key {KEY}" == finding.message
    assert f"aws secretsmanager rotate-secret --region eu-west-1 --secret-id '{ARN}'" == finding.fix


def test_flags_the_secret_of_a_cluster(make_cluster):
    """
    Clusters are judged on their own secret.
    """
    assert [Status.FAIL] == statuses(run_check(master_secret_healthy, make_cluster(**secret("impaired"))))


@pytest.mark.parametrize("status", ["active", "creating", "rotating"])
def test_accepts_a_secret_that_rotates(make_instance, status):
    """
    Any other status passes.
    """
    assert [Status.PASS] == statuses(run_check(master_secret_healthy, make_instance(**secret(status))))


@pytest.mark.parametrize("described", [{}, {"DBClusterIdentifier": "beacon", **secret("impaired")}])
def test_leaves_alone_what_has_no_secret_of_its_own(make_instance, described):
    """
    Passwords that RDS does not manage, and members, are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(master_secret_healthy, make_instance(**described)))
