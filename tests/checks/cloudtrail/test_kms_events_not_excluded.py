import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import SELECTORS, Trail
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.cloudtrail.kms_events_not_excluded import kms_events_not_excluded
from tests.alerts import WHOLE, trail


WITHOUT = {"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}]}


def advanced(*more):
    management = {"Field": "eventCategory", "Equals": ["Management"]}
    return {"AdvancedEventSelectors": [{"FieldSelectors": [management, *more]}]}


def judge(*trails, **more):
    return run_check(kms_events_not_excluded, WHOLE, *trails, **more)


@pytest.mark.parametrize(
    ("selectors", "left_out"),
    [
        (None, None),
        (advanced(), None),
        (WITHOUT, "KMS and the RDS Data API"),
        (advanced({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}), "KMS"),
        (advanced({"Field": "eventSource", "NotStartsWith": ["rdsdata"]}), "the RDS Data API"),
        (advanced({"Field": "eventSource", "NotEquals": ["s3.amazonaws.com"]}), None),
    ],
)
def test_flags_services_that_are_left_out(selectors, left_out):
    """
    In either form of selectors.
    """
    (finding,) = judge(trail(selectors=selectors))

    assert (Status.FAIL if left_out else Status.PASS) is finding.status
    assert not left_out or f"no trail records the events of {left_out}: left out by main" == finding.message


def test_one_trail_that_has_them_is_enough():
    """
    As the organization's; one that is stopped has nothing.
    """
    organization = trail(account="444455556666")

    assert [Status.PASS] == statuses(judge(trail(selectors=WITHOUT), organization))
    assert [Status.FAIL] == statuses(judge(trail(selectors=WITHOUT), trail(at="eu-central-1", logging=False)))


def test_does_not_judge_without_a_trail():
    """
    Nor where the only one records data events.
    """
    data = {"EventSelectors": [{"IncludeManagementEvents": False}]}

    assert [Status.NOT_APPLICABLE] == statuses(judge())
    assert [Status.NOT_APPLICABLE] == statuses(judge(trail(logging=False)))
    assert [Status.NOT_APPLICABLE] == statuses(judge(trail(selectors=data)))


def test_does_not_know_what_is_hidden():
    """
    A trail that could not be listed, or whose selectors were refused, may have them.
    """
    hidden = trail(at="eu-central-1", region="eu-central-1", selectors=refused(Trail, SELECTORS))

    assert [Status.UNKNOWN] == statuses(judge(trail(selectors=WITHOUT), hidden))
    assert [Status.UNKNOWN] == statuses(judge(trail(selectors=WITHOUT), unlisted=[Trail]))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Trail]))
    assert [Status.PASS] == statuses(judge(trail(), hidden))


@pytest.mark.parametrize(
    "selectors",
    [WITHOUT, advanced({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]})],
    ids=["basic", "advanced"],
)
def test_the_command_makes_it_pass(selectors):
    """
    What it puts is what there is, without what leaves services out.
    """
    import re
    import shlex

    import jmespath

    (finding,) = judge(trail(selectors=selectors))
    inner = re.search(r"\$\((.*)\)", finding.fix)[1]
    words = shlex.split(inner)
    kept = jmespath.search(words[words.index("--query") + 1], selectors)

    assert [Status.PASS] == statuses(judge(trail(selectors={next(iter(selectors)): kept})))
