import json
import shlex

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.events import Target
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.target_dlq import target_dlq


WITH_QUEUE = {"DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:111122223333:lost"}}


def test_flags_targets_without_a_dead_letter_queue(rule, target):
    """
    One finding names all such targets of the rule; the command keeps what the targets are and adds the queue.
    """
    judged = rule()
    targets = [target(judged, "b"), target(judged, "a"), target(judged, "c", **WITH_QUEUE)]
    (finding,) = run_check(target_dlq, judged, *targets)

    assert Status.FAIL is finding.status
    assert "no dead-letter queue: targets a, b" == finding.message
    made, listed, put = finding.fix.split(" && ")
    policy = json.loads(json.loads(shlex.split(made)[-1])["Policy"])
    rule_arn = "arn:aws:events:eu-west-1:111122223333:rule/beacon/slots"
    assert {"ArnEquals": {"aws:SourceArn": rule_arn}} == policy["Statement"][0]["Condition"]
    assert listed.startswith(
        "TARGETS=$(aws events list-targets-by-rule --region eu-west-1 --rule slots --event-bus-name beacon --query "
    )
    assert 'aws events put-targets --region eu-west-1 --rule slots --event-bus-name beacon --targets "$TARGETS"' == put


def test_the_command_keeps_the_rest_of_a_target(rule, target):
    """
    The query in the command gives all targets back whole, with the queue where they have none.
    """
    judged = rule()
    (finding,) = run_check(target_dlq, judged, target(judged))
    words = shlex.split(finding.fix.replace("$(", "").replace(")", " )"))
    start = words.index("--query") + 1
    query = " ".join(words[start : words.index("--output")]).replace(" )", ")")
    answer = {"Targets": [{"Id": "1", "Arn": "arn:f", "Input": "{}"}, {"Id": "2", "Arn": "arn:g", **WITH_QUEUE}]}
    queue = {"DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:111122223333:beacon-slots-dlq"}}

    expected = [{"Id": "1", "Arn": "arn:f", "Input": "{}", **queue}, {"Id": "2", "Arn": "arn:g", **WITH_QUEUE}]
    assert expected == jmespath.search(query, answer)


def test_accepts_targets_that_all_have_one(rule, target):
    """
    Every target has its queue.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(target_dlq, judged, target(judged, **WITH_QUEUE)))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}, {}])
def test_does_not_judge_rules_that_deliver_nothing(rule, fields):
    """
    Disabled rules, those of AWS services, and those without a target.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_dlq, rule(**fields)))


def test_does_not_know_while_targets_are_hidden(rule):
    """
    The targets could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(run_check(target_dlq, rule(), unlisted=[Target]))
