import pytest

from awsaudit import Status
from awsaudit.resources.dynamodb import Table
from awsaudit.resources.s3 import LOCKS, Bucket
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.s3.tfstate_lock import tfstate_lock
from tests.checks.dynamodb.tables import table
from tests.checks.s3.buckets import bucket, holding


NAME = "acme-tfstate"
STATE = holding("eu/terraform.tfstate")
TRACE = {"DeleteMarkers": [{"Key": "eu/terraform.tfstate.tflock"}]}


@pytest.mark.parametrize(
    ("judged", "others"),
    [
        (bucket(name=NAME, objects=STATE, locks={}), (table(),)),
        (bucket(name=NAME), (table(),)),
        (bucket(name=NAME, objects=STATE, locks=TRACE), ()),
        (bucket(name=NAME, objects=holding("a.tfstate", "a.tfstate.tflock"), locks={}), ()),
    ],
)
def test_accepts_either_sort_of_lock(judged, others):
    """
    A table, a lock, or what is left of one.
    """
    assert [Status.PASS] == statuses(run_check(tfstate_lock, judged, *others))


@pytest.mark.parametrize("others", [(), (table(key=(("id", "HASH"),)),)])
def test_flags_state_without_locks(others):
    """
    No lock table, and no trace of a lock where there would be one.
    """
    [finding] = run_check(tfstate_lock, bucket(name=NAME, objects=STATE, locks={}), *others)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "judged",
    [
        bucket(name=NAME),
        bucket(name=NAME, objects=STATE, locks={}, versioning={}),
        bucket(name=NAME, objects=STATE, locks=refused(Bucket, LOCKS)),
    ],
)
def test_does_not_guess(judged):
    """
    No state to look beside, no versions, no answer.
    """
    assert [Status.UNKNOWN] == statuses(run_check(tfstate_lock, judged))


def test_one_lock_is_enough():
    """
    What hides the other sort does not matter.
    """
    locked = bucket(name=NAME, objects=STATE, locks=TRACE)
    hidden = bucket(name=NAME, objects=STATE, locks=refused(Bucket, LOCKS))

    assert [Status.PASS] == statuses(run_check(tfstate_lock, locked, unlisted=[Table]))
    assert [Status.PASS] == statuses(run_check(tfstate_lock, hidden, table()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(tfstate_lock, bucket()))
