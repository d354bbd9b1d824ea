import pytest

from awsaudit import Status
from awsaudit.resources.s3 import MULTI_REGION, MultiRegionAccessPoint
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.s3.multi_region_access_point_public import multi_region_access_point_public
from tests.checks.s3.buckets import CLOSED, OPEN


def judge(block, status="READY"):
    told = {"Name": "ledger", "Alias": "mfzwi23gnjvgw.mrap", "Status": status, "PublicAccessBlock": block}
    return run_check(multi_region_access_point_public, fake(MultiRegionAccessPoint, {MULTI_REGION: told}))


@pytest.mark.parametrize("block", [OPEN, {**CLOSED, "BlockPublicPolicy": False}])
@pytest.mark.parametrize("status", ["READY", "INCONSISTENT_ACROSS_REGIONS"])
def test_flags_what_is_off(block, status):
    """
    One is enough.
    """
    assert [Status.FAIL] == statuses(judge(block, status))


def test_accepts_all_four_and_leaves_what_is_not_there():
    """
    What is being made or deleted takes no requests.
    """
    assert [Status.PASS] == statuses(judge(CLOSED))
    assert [Status.NOT_APPLICABLE] == statuses(judge(OPEN, "DELETING"))
