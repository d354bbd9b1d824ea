import pytest

from awsaudit import Severity, Status
from awsaudit.resources.events import METRICS, RULES, Rule
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.rule_failing import rule_failing


def test_flags_failed_deliveries(rule):
    """
    The days' sums are added up; the command gives each target a dead-letter queue, which tells the reason.
    """
    (finding,) = run_check(rule_failing, rule(failed=[1.0, 2.0]))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "3 deliveries failed for good within the last 7 days" == finding.message
    assert finding.fix.startswith("aws sqs create-queue --region eu-west-1 --queue-name beacon-slots-dlq ")
    assert finding.fix.endswith(
        'aws events put-targets --region eu-west-1 --rule slots --event-bus-name beacon --targets "$TARGETS"'
    )


def test_grades_lost_events_higher(rule):
    """
    What the dead-letter queue did not take either is gone; there is one finding, not two.
    """
    (finding,) = run_check(rule_failing, rule(failed=[2.0], lost=[2.0]))

    assert Severity.HIGH == finding.severity
    assert "2 events of the last 7 days were lost: the dead-letter queue did not take them" == finding.message


@pytest.mark.parametrize("failed", [(), (0.0,)])
def test_accepts_a_rule_that_never_failed(rule, failed):
    """
    No datapoint means that nothing failed.
    """
    assert [Status.PASS] == statuses(run_check(rule_failing, rule(failed=failed)))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}])
def test_does_not_judge_disabled_and_managed_rules(rule, fields):
    """
    Their metrics are not even asked for.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_failing, rule(failed=[1.0], **fields)))


def test_does_not_know_without_the_metrics():
    """
    Metrics that were refused are not zero.
    """
    listed = {"Name": "slots", "Arn": "arn:slots", "EventBusName": "beacon", "State": "ENABLED"}

    assert [Status.UNKNOWN] == statuses(run_check(rule_failing, fake(Rule, {RULES: listed})))
    assert METRICS in Rule.calls()
