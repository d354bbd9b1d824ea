import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import Rule
from awsaudit.resources.notifications import EventRule
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_exists import rule_exists


ELSEWHERE = {"regions": ["us-east-1"]}


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ({"source": ["aws.health"]}, {}),
        ({"source": ["aws.health"], "detail-type": ["AWS Health Event"], "detail": {"service": ["EC2"]}}, {}),
        ({"source": ["aws.health"]}, {"State": "DISABLED"}),
        ({"source": ["aws.health"]}, {"ManagedBy": "notifications.amazonaws.com"}),
    ],
)
def test_accepts_a_rule(holder, rule, pattern, fields):
    """
    In any region and state; other checks judge what becomes of the events.
    """
    assert [Status.PASS] == statuses(run_check(rule_exists, holder, rule(pattern, **fields)))


def test_accepts_user_notifications(holder, notice):
    """
    With a channel, they tell somebody by themselves.
    """
    assert [Status.PASS] == statuses(run_check(rule_exists, holder, *notice()))
    assert [Status.PASS] == statuses(run_check(rule_exists, holder, *notice(), unlisted=[Rule]))


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ({"source": ["aws.health"], "detail-type": ["AWS Health Abuse Event"]}, {}),
        ({"source": ["aws.ec2"]}, {}),
        ({"source": ["aws.health"]}, {"ManagedBy": "aws-backup.amazonaws.com"}),
        ({"source": ["aws.health"]}, {"EventBusName": "beacon"}),
    ],
)
def test_flags_accounts_without_a_rule(holder, rule, pattern, fields):
    """
    Reports of abuse are other events; the command makes a rule that passes.
    """
    (finding,) = run_check(rule_exists, holder, rule(pattern, **fields), **ELSEWHERE)

    assert Status.FAIL is finding.status
    command = shlex.split(finding.fix)
    assert ["aws", "events", "put-rule", "--region", "us-east-1", "--name", "aws-health"] == command[:7]
    made = rule(json.loads(command[-1]), region="us-east-1", Name="aws-health")
    assert [Status.PASS] == statuses(run_check(rule_exists, holder, made))


@pytest.mark.parametrize(
    "told", [{"status": "INACTIVE"}, {"state": "INACTIVE"}, {"channels": ()}, {"source": "aws.ec2"}]
)
def test_flags_user_notifications_that_tell_nobody(holder, notice, told):
    """
    Without a channel, or about something else.
    """
    assert [Status.FAIL] == statuses(run_check(rule_exists, holder, *notice(**told), **ELSEWHERE))


def test_keeps_a_rule_of_the_same_name(holder, rule):
    """
    Putting a rule replaces the one of that name.
    """
    taken = rule({"source": ["aws.ec2"]}, region="us-east-1", Name="aws-health")
    (finding,) = run_check(rule_exists, holder, taken)

    assert " --name aws-health-2 " in finding.fix


def test_does_not_know_what_it_cannot_see(holder, notice, rule):
    """
    Rules that could not be listed, notifications neither, the home of global events that was not scanned.
    """
    unclear = rule({"source": [{"regex": "aws.*"}]})
    filtered = notice(eventPattern='{"account": [{"regex": "a"}]}')

    assert [Status.UNKNOWN] == statuses(run_check(rule_exists, holder, unlisted=[Rule], **ELSEWHERE))
    assert [Status.UNKNOWN] == statuses(run_check(rule_exists, holder, unlisted=[EventRule], **ELSEWHERE))
    assert [Status.UNKNOWN] == statuses(run_check(rule_exists, holder))
    assert [Status.UNKNOWN] == statuses(run_check(rule_exists, holder, unclear, **ELSEWHERE))
    assert [Status.UNKNOWN] == statuses(run_check(rule_exists, holder, *filtered, **ELSEWHERE))
