import pytest

from awsaudit import Status
from awsaudit.resources.rds import INSTANCES, ORDERABLE, DBInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.iam_auth import iam_auth


OFFERED = {"SupportsIAMDatabaseAuthentication": True}


def instance(*offers, **more):
    described = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "Engine": "postgres",
        "EngineVersion": "17.4",
        "DBInstanceClass": "db.m7g.large",
        "DBInstanceStatus": "available",
        **more,
    }
    return fake(DBInstance, {INSTANCES: described, ORDERABLE: list(offers)})


@pytest.mark.parametrize(
    "more",
    [
        {"IAMDatabaseAuthenticationEnabled": True},
        {"PendingModifiedValues": {"IAMDatabaseAuthenticationEnabled": True}},
    ],
)
def test_what_is_on_or_about_to_be_passes(more):
    """
    A change that waits for the maintenance window is made.
    """
    assert [Status.PASS] == statuses(run_check(iam_auth, instance(**more)))


def test_flags_passwords_alone():
    """
    The command leaves passwords as they are.
    """
    [finding] = run_check(iam_auth, instance(OFFERED))

    assert Status.FAIL == finding.status
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits "
        "--enable-iam-database-authentication --apply-immediately" == finding.fix
    )


@pytest.mark.parametrize(
    ("offers", "status"),
    [([{"SupportsIAMDatabaseAuthentication": False}], Status.NOT_APPLICABLE), ([], Status.UNKNOWN)],
)
def test_asks_for_what_aws_offers(offers, status):
    """
    Old versions have none.
    """
    assert [status] == statuses(run_check(iam_auth, instance(*offers)))


@pytest.mark.parametrize(
    "more",
    [{"Engine": "oracle-ee"}, {"Engine": "sqlserver-se"}, {"Engine": "docdb"}, {"DBClusterIdentifier": "payouts"}],
)
def test_does_not_apply(more):
    """
    To other engines, and to members of clusters.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(iam_auth, instance(OFFERED, **more)))
