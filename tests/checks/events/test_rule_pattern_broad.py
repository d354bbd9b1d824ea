import json

import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.rule_pattern_broad import rule_pattern_broad


def judge(rule, pattern, **fields):
    return run_check(rule_pattern_broad, rule(EventPattern=json.dumps(pattern), **fields))


@pytest.mark.parametrize(
    "pattern",
    [
        {"account": ["111122223333"]},
        {"source": [{"prefix": ""}]},
        {"source": [{"wildcard": "*"}]},
        {"detail-type": [{"anything-but": "AWS API Call via CloudTrail"}]},
        {"version": ["0"], "region": ["eu-west-1"]},
    ],
)
def test_flags_patterns_that_let_everything_through(rule, pattern):
    """
    However it is written.
    """
    (finding,) = judge(rule, pattern)

    assert Status.FAIL is finding.status
    assert "its pattern lets every event of the account through" == finding.message


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.s3"]},
        {"source": [{"prefix": "aws."}]},
        {"detail-type": ["Deposit Received"]},
        {"resources": [{"prefix": "arn:aws:s3:::ledger"}]},
        {"detail": {"state": ["FAILED"]}},
    ],
)
def test_accepts_patterns_that_choose(rule, pattern):
    """
    By source, kind, resource or content.
    """
    assert [Status.PASS] == statuses(judge(rule, pattern))


def test_leaves_other_rules_alone(rule):
    """
    Schedules, disabled rules, and those of AWS's services.
    """
    everything = {"account": ["111122223333"]}

    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_pattern_broad, rule(ScheduleExpression="rate(1 day)")))
    assert [Status.NOT_APPLICABLE] == statuses(judge(rule, everything, State="DISABLED"))
    assert [Status.NOT_APPLICABLE] == statuses(judge(rule, everything, ManagedBy="autoscaling.amazonaws.com"))


def test_is_unknown_where_a_pattern_is_not_understood(rule):
    """
    AWS may know more operators.
    """
    assert [Status.UNKNOWN] == statuses(judge(rule, {"source": [{"sounds-like": "aws"}]}))
