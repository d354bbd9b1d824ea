import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import Rule
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_categories import rule_categories


ALL = ["issue", "accountNotification", "scheduledChange"]


def asking(**detail):
    return {"source": ["aws.health"], "detail": detail}


@pytest.mark.parametrize(
    "patterns",
    [
        [{"source": ["aws.health"]}],
        [asking(eventTypeCategory=ALL)],
        [asking(eventTypeCategory=[{"anything-but": "investigation"}])],
        [asking(service=["EC2"])],
        [asking(eventTypeCategory=["issue"]), asking(eventTypeCategory=ALL[1:])],
    ],
)
def test_accepts_all_three(bus, rule, patterns):
    """
    By one rule or several; the services do not matter.
    """
    rules = [rule(pattern, Name=f"health-{number}") for number, pattern in enumerate(patterns)]

    assert [(Status.PASS, ())] == [(f.status, f.notes) for f in run_check(rule_categories, bus(), *rules)]


def test_remarks_on_a_scope_that_is_left_out(bus, rule):
    """
    Who has no use for public events may leave them out.
    """
    (finding,) = run_check(rule_categories, bus(), rule(asking(eventScopeCode=["ACCOUNT_SPECIFIC"])))

    assert Status.PASS is finding.status
    assert ("left out: issue (PUBLIC), accountNotification (PUBLIC), scheduledChange (PUBLIC)",) == finding.notes


@pytest.mark.parametrize(
    ("detail", "lacking"),
    [
        ({"eventTypeCategory": ["issue"]}, "accountNotification or scheduledChange"),
        ({"eventTypeCategory": [{"anything-but": ["scheduledChange"]}]}, "scheduledChange"),
        (
            {"eventTypeCategory": ["investigation"], "service": ["EC2"]},
            "issue or accountNotification or scheduledChange",
        ),
    ],
)
def test_flags_categories_that_no_rule_takes(bus, rule, detail, lacking):
    """
    The command gives the rule a pattern that passes, and keeps its other conditions, its role and its state.
    """
    judged = rule(asking(**detail), RoleArn="arn:aws:iam::111122223333:role/health")
    (finding,) = run_check(rule_categories, bus(), judged)

    assert (
        f"no enabled rule takes events of the category {lacking}, be they PUBLIC or ACCOUNT_SPECIFIC" == finding.message
    )
    words = shlex.split(finding.fix)
    assert ["aws", "events", "put-rule", "--region", "eu-west-1", "--name", "health", "--state", "ENABLED"] == words[:9]
    assert ["--role-arn", "arn:aws:iam::111122223333:role/health"] == words[-2:]
    pattern = json.loads(words[10])
    assert ("service" in detail) == ("detail" in pattern)
    assert [Status.PASS] == statuses(run_check(rule_categories, bus(), rule(pattern)))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"EventBusName": "beacon"}])
def test_does_not_judge_regions_without_an_enabled_rule(bus, rule, fields):
    """
    That is health-rule-enabled's, or nobody's.
    """
    judged = rule(asking(eventTypeCategory=["issue"]), **fields)

    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_categories, bus(), judged))


def test_rules_of_a_service_have_no_command(bus, rule):
    """
    Nor where a choice of conditions is more than the command can mend.
    """
    managed = rule(asking(eventTypeCategory=["issue"]), ManagedBy="notifications.amazonaws.com")
    choice = rule(
        {"source": ["aws.health"], "$or": [asking(eventTypeCategory=["issue"]), {"account": ["444455556666"]}]}
    )

    for judged in (managed, choice):
        (finding,) = run_check(rule_categories, bus(), judged)
        assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_does_not_know_what_it_cannot_see(bus, rule):
    """
    Rules that could not be listed.
    """
    judged = rule(asking(eventTypeCategory=["issue"]))

    assert [Status.UNKNOWN] == statuses(run_check(rule_categories, bus(), unlisted=[Rule]))
    assert [Status.UNKNOWN] == statuses(run_check(rule_categories, bus(), judged, unlisted=[Rule]))
