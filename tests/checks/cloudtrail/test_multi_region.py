import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import SELECTORS, Trail
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.cloudtrail.multi_region import multi_region
from tests.alerts import WHOLE, trail


def judge(*trails, **more):
    return run_check(multi_region, WHOLE, *trails, **more)


def basic(**told):
    return {"EventSelectors": [told]}


def advanced(*more):
    management = {"Field": "eventCategory", "Equals": ["Management"]}
    return {"AdvancedEventSelectors": [{"FieldSelectors": [management, *more]}]}


@pytest.mark.parametrize(
    "found",
    [
        trail(),
        trail(account="444455556666", region="eu-central-1"),
        trail(selectors=basic(ReadWriteType="All", IncludeManagementEvents=True)),
        trail(selectors=basic(ExcludeManagementEventSources=["kms.amazonaws.com"])),
        trail(selectors=advanced()),
        trail(selectors=advanced({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]})),
    ],
)
def test_accepts_a_trail_of_all_regions(found):
    """
    The account's or its organization's; which services it leaves out is another check's.
    """
    assert [Status.PASS] == statuses(judge(found))


@pytest.mark.parametrize(
    ("found", "what", "fix"),
    [
        (trail(IsMultiRegionTrail=False), "records one region only", "update-trail"),
        (trail(logging=False), "does not record at present", "start-logging"),
        (trail(logging=False, account="444455556666"), "does not record at present", None),
        (trail(selectors=basic(ReadWriteType="WriteOnly")), "leaves out reads, writes or both", None),
        (trail(selectors=basic(IncludeManagementEvents=False)), "leaves out reads, writes or both", None),
        (trail(selectors=advanced({"Field": "readOnly", "Equals": ["true"]})), "leaves out reads", None),
        (trail(selectors=advanced({"Field": "eventSource", "Equals": ["iam.amazonaws.com"]})), "leaves out", None),
    ],
)
def test_flags_one_that_misses_something(found, what, fix):
    """
    The nearest is named, and the command puts right what one command can.
    """
    (finding,) = judge(found)

    assert Status.FAIL is finding.status
    assert what in finding.message
    assert (fix is None) == (finding.fix is None)
    assert fix is None or finding.fix.startswith(f"aws cloudtrail {fix} --region eu-west-1 ")


def test_several_trails_are_one_verdict():
    """
    One that is right is enough; without any the account is flagged once.
    """
    assert [Status.PASS] == statuses(judge(trail(logging=False), trail(at="eu-central-1"), regions=["eu-central-1"]))
    assert [Status.FAIL] == statuses(judge(regions=["eu-central-1"]))


def test_a_region_that_answers_is_enough():
    """
    A trail of all regions shows in each, its home region's selectors may be hidden from its replicas.
    """
    hidden = trail(region="eu-central-1", selectors=refused(Trail, SELECTORS))

    assert [Status.PASS] == statuses(judge(trail(), hidden))
    assert [Status.UNKNOWN] == statuses(judge(hidden))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Trail]))
