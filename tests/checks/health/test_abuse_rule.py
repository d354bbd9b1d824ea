import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import Rule
from awsaudit.resources.sqs import LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.abuse_rule import abuse_rule


HEALTH, ABUSE = "AWS Health Event", "AWS Health Abuse Event"
QUEUE = fake(Queue, {LIST: "https://sqs.eu-west-1.amazonaws.com/111122223333/deposits"})
HERE = {"regions": ["us-east-1"]}


def types(*wanted):
    return {"source": ["aws.health"], "detail-type": list(wanted)}


@pytest.mark.parametrize("pattern", [types(HEALTH, ABUSE), types(ABUSE), {"source": ["aws.health"]}])
def test_accepts_a_rule_where_global_events_arrive(holder, rule, pattern):
    """
    One for both types, or for all.
    """
    assert [Status.PASS] == statuses(run_check(abuse_rule, holder, rule(pattern, region="us-east-1"), QUEUE))


def test_accepts_a_rule_in_each_region_in_use(holder, rule):
    """
    Reports about a region's machines arrive there.
    """
    assert [Status.PASS] == statuses(run_check(abuse_rule, holder, rule(types(ABUSE)), QUEUE, **HERE))


@pytest.mark.parametrize("detail", [{}, {"detail": {"service": ["ABUSE"]}}])
def test_flags_rules_for_the_other_type(holder, rule, detail):
    """
    The command lets the rule there take both.
    """
    judged = rule({**types(HEALTH), **detail}, region="us-east-1")
    (finding,) = run_check(abuse_rule, holder, judged)

    assert "no enabled rule in us-east-1 takes reports of abuse" == finding.message
    words = shlex.split(finding.fix)
    assert ["--region", "us-east-1", "--name", "health"] == words[3:7]
    made = rule(json.loads(words[10]), region="us-east-1")
    assert [Status.PASS] == statuses(run_check(abuse_rule, holder, made))


def test_flags_regions_in_use_without_one(holder, rule):
    """
    The command makes a rule where global events arrive.
    """
    there = rule(types(ABUSE), region="eu-central-1")
    (finding,) = run_check(abuse_rule, holder, there, QUEUE, **HERE)

    assert "no enabled rule in us-east-1 takes reports of abuse, while eu-central-1 has one" == finding.message
    assert finding.fix.startswith("aws events put-rule --region us-east-1 --name aws-health ")


def test_does_not_judge_accounts_without_any_rule(holder, rule):
    """
    That is health-rule-exists's.
    """
    other = rule({"source": ["aws.ec2"]})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(abuse_rule, holder, other, QUEUE, **HERE))


def test_does_not_know_what_it_cannot_see(holder, rule):
    """
    Rules, what the regions hold, and a region that was not scanned.
    """
    assert [Status.UNKNOWN] == statuses(run_check(abuse_rule, holder, unlisted=[Rule], **HERE))
    assert [Status.UNKNOWN] == statuses(run_check(abuse_rule, holder, rule(types(HEALTH))))
    assert [Status.UNKNOWN] == statuses(run_check(abuse_rule, holder, rule(types(ABUSE)), unlisted=[Queue], **HERE))
