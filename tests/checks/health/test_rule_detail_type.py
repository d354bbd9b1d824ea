import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_detail_type import rule_detail_type


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.health"]},
        {"source": [{"prefix": "aws.health"}]},
        {"source": [{"wildcard": "aws.health*"}]},
        {"source": ["aws.health"], "detail-type": ["AWS Health Abuse Event"]},
        {"source": ["aws.health", "aws.ec2"], "detail": {"service": ["EC2"], "eventTypeCode": ["AWS_EC2_ANYTHING"]}},
        {"source": ["aws.health"], "detail": {"eventTypeCategory": ["issue"], "eventRegion": ["global"]}},
    ],
)
def test_accepts_what_some_event_matches(rule, pattern):
    """
    Of any service and type; rules for abuse are rules too.
    """
    assert [Status.PASS] == statuses(run_check(rule_detail_type, rule(pattern)))


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.health*"]},
        {"source": ["aws.Health"]},
        {"source": ["aws.heatlh"], "detail-type": ["AWS Health Event"]},
        {"source": ["aws.health"], "detail-type": ["AWS Health Events"]},
        {"source": ["aws.health"], "detail": {"eventTypeCategory": ["Issue", "scheduled-change"]}},
        {"source": ["aws.health"], "detail": {"region": ["eu-west-1"]}},
    ],
)
def test_flags_slips_of_the_pen(rule, pattern):
    """
    The command gives the rule the pattern that was meant.
    """
    (finding,) = run_check(rule_detail_type, rule(pattern, ScheduleExpression="rate(1 day)"))

    assert Status.FAIL is finding.status
    words = shlex.split(finding.fix)
    assert ["--schedule-expression", "rate(1 day)"] == words[-2:]
    assert [Status.PASS] == statuses(run_check(rule_detail_type, rule(json.loads(words[10]))))


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.health"], "detail-type": ["Health"]},
        {"source": ["aws.health"], "detail": {"eventTypeCategory": ["investigation"]}},
        {"source": ["aws.health"], "detail": {"severity": ["high"]}},
    ],
)
def test_other_faults_have_no_command(rule, pattern):
    """
    What was meant, the owner knows.
    """
    (finding,) = run_check(rule_detail_type, rule(pattern))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ({"source": ["aws.ec2"]}, {}),
        ({"source": ["aws.healthlake"]}, {}),
        ({"source": ["northlight.health"]}, {}),
        ({"source": [{"anything-but": "aws.health"}]}, {}),
        ({"source": [{"prefix": "aws."}]}, {}),
        ({"detail-type": ["AWS Health"]}, {}),
        ({"source": ["aws.health*"]}, {"State": "DISABLED"}),
        ({"source": ["aws.health*"]}, {"EventBusName": "beacon"}),
        ({"source": ["aws.health*"]}, {"ManagedBy": "notifications.amazonaws.com"}),
        ({}, {"EventPattern": None, "ScheduleExpression": "rate(1 day)"}),
    ],
)
def test_does_not_judge_other_rules(rule, pattern, fields):
    """
    The health of something else is none of AWS Health.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_detail_type, rule(pattern, **fields)))


def test_does_not_know_a_pattern_that_is_not_understood(rule):
    """
    An operator that is newer than the matcher.
    """
    judged = rule({"source": ["aws.health"], "detail-type": [{"regex": "AWS.*"}]})

    assert [Status.UNKNOWN] == statuses(run_check(rule_detail_type, judged))
