import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.secretsmanager.tags import tags


def tagged(**values):
    return {"Tags": [{"Key": key, "Value": value} for key, value in values.items()]}


@pytest.mark.parametrize(
    "keys",
    [
        {"owner": "a", "environment": "prod", "rotation": "30"},
        {"Team": "a", "ENV": "prod", "Rotation": "manual", "more": ""},
        {"team": "a", "stage": "prod", "rotation": ""},
    ],
)
def test_required_tags_pass(secret, keys):
    """
    In any case of letters, and by one of several names.
    """
    assert [Status.PASS] == statuses(run_check(tags, secret(**tagged(**keys))))


def test_names_the_tags_that_are_missing(secret):
    """
    All of them in one finding.
    """
    [finding] = run_check(tags, secret(**tagged(owner="a")))

    assert Status.FAIL == finding.status
    assert "it has no tag environment or env or stage, rotation" == finding.message
    assert "owner" == finding.found


def test_required_tags_are_an_option(secret):
    """
    The owner says which; none at all passes everything.
    """
    assert [Status.PASS] == statuses(run_check(tags, secret(**tagged(cost="1")), required=("cost",)))
    assert [Status.FAIL] == statuses(run_check(tags, secret(), required=("cost",)))
    assert [Status.PASS] == statuses(run_check(tags, secret(), required=()))


@pytest.mark.parametrize(
    "fields",
    [{"DeletedDate": "2026-11-30T00:00:00Z"}, {"PrimaryRegion": "us-east-1"}, {"OwningService": "rds"}],
)
def test_does_not_apply(secret, fields):
    """
    Secrets to be deleted, copies, and those of services.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(tags, secret(**fields)))
