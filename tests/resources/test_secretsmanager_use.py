import pytest

from awsaudit.declare import compiled
from awsaudit.resources.secretsmanager import COPIES, LIST, Secret
from awsaudit.testing import fake


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-AbCdEf"


@pytest.mark.parametrize(("told", "day"), [({"LastAccessedDate": "2026-11-20T00:00:00Z"}, 20), ({}, None)])
def test_the_day_of_the_last_use(told, day):
    """
    Unset where it was never used.
    """
    secret = fake(Secret, {LIST: {"ARN": ARN, **told}})

    assert day == (secret.accessed.day if secret.accessed else None)


def test_copies_are_told_by_region():
    """
    With the uses that AWS tells of; a secret that was never copied has none.
    """
    status = [{"Region": "us-east-1", "LastAccessedDate": "2026-11-20T00:00:00Z"}, {"Region": "us-east-2"}]
    copied = fake(Secret, {LIST: {"ARN": ARN}, COPIES: {"ReplicationStatus": status}})
    single = fake(Secret, {LIST: {"ARN": ARN}, COPIES: None})

    assert (("us-east-1", "us-east-2"), ()) == (copied.copy_regions, single.copy_regions)
    assert ([20], ()) == ([day.day for day in copied.copies_accessed], single.copies_accessed)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"PrimaryRegion": "eu-west-1"}, True),
        ({}, False),
        ({"PrimaryRegion": "us-east-1"}, False),
        ({"PrimaryRegion": "eu-west-1", "DeletedDate": "2026-11-20T00:00:00Z"}, False),
        ({"PrimaryRegion": "eu-west-1", "OwningService": "rds"}, False),
    ],
)
def test_copies_are_asked_for_where_the_list_tells_of_them(fields, wanted):
    """
    No call for a secret in one region alone, nor for copies, nor for what is not judged.
    """
    assert wanted is bool(compiled(COPIES.when[1:]).search({"ARN": ARN, **fields}))
