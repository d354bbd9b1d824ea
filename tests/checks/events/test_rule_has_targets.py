import pytest

from awsaudit import Status
from awsaudit.resources.events import Target
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.rule_has_targets import rule_has_targets


@pytest.mark.parametrize("state", ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"])
def test_flags_an_enabled_rule_without_a_target(rule, target, state):
    """
    Either way of being enabled counts; targets of other rules do not.
    """
    (finding,) = run_check(rule_has_targets, rule(State=state), target(rule("other")))

    assert Status.FAIL is finding.status
    assert "aws events disable-rule --region eu-west-1 --name slots --event-bus-name beacon" == finding.fix


def test_accepts_one_target(rule, target):
    """
    One target is enough.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(rule_has_targets, judged, target(judged)))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}])
def test_does_not_judge_disabled_and_managed_rules(rule, fields):
    """
    A disabled rule does nothing anyway; one of an AWS service is not the account's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_has_targets, rule(**fields)))


def test_does_not_know_while_targets_are_hidden(rule):
    """
    The targets could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(run_check(rule_has_targets, rule(), unlisted=[Target]))
