import pytest

from awsaudit import Status
from awsaudit.resources.events import Target
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.target_retry_policy import target_retry_policy


QUEUE = {"DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:111122223333:lost"}}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 86400}, "is not tried again"),
        ({"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 60}, "is given up after 60 seconds"),
    ],
)
def test_flags_a_target_that_is_given_up_soon(rule, target, policy, words):
    """
    Never tried again, or not for an hour; the command changes that target alone.
    """
    judged = rule()
    (finding,) = run_check(target_retry_policy, judged, target(judged, "a", RetryPolicy=policy), target(judged, "b"))

    assert (Status.FAIL, "a") == (finding.status, finding.sub_key)
    assert f"delivery to target a {words}, and there is no dead-letter queue" == finding.message
    assert "Targets[?Id==" in finding.fix


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600}},
        {"RetryPolicy": {"MaximumRetryAttempts": 0}, **QUEUE},
    ],
)
def test_accepts_patience_and_dead_letter_queues(rule, target, fields):
    """
    AWS's default, an hour, or a queue that keeps what was given up.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(target_retry_policy, judged, target(judged, "a", **fields)))


def test_needs_targets_of_ones_own(rule):
    """
    A rule without targets, and one of AWS's services.
    """
    for fields in ({}, {"ManagedBy": "guardduty.amazonaws.com"}):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(target_retry_policy, rule(**fields)))


def test_is_unknown_where_targets_cannot_be_seen(rule):
    """
    One may be given up soon.
    """
    assert [Status.UNKNOWN] == statuses(run_check(target_retry_policy, rule(), unlisted=[Target]))
