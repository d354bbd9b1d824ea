import pytest

from awsaudit import Severity, Status
from awsaudit.resources.lambda_ import EventInvokeConfig
from awsaudit.testing import run_check, statuses
from awsaudit_checks.lambda_.dead_letter import dead_letter
from tests.estate import OWN
from tests.functions import alias, function, grant, invoke_config


QUEUE = f"arn:aws:sqs:eu-west-1:{OWN}:failed"


def asynchronous(service="sns"):
    return grant({"Service": f"{service}.amazonaws.com"})


@pytest.mark.parametrize("service", ["events", "sns", "s3", "iot", "logs.eu-west-1", "ses", "config"])
def test_flags_what_is_thrown_away(service):
    """
    Whichever service calls.
    """
    [finding] = run_check(dead_letter, function(asynchronous(service)))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"what {service.partition('.')[0]} sends is lost where it fails" == finding.message


def test_what_another_alias_has_is_not_enough():
    """
    Each has its own settings, and one without a destination has none.
    """
    of = function(asynchronous())
    for other in (invoke_config(of, "live"), invoke_config(of, destination=None)):
        assert [Status.FAIL] == statuses(run_check(dead_letter, of, other))
    judged = alias(asynchronous(), of=of)
    assert [Status.FAIL] == statuses(run_check(dead_letter, judged, invoke_config(of, "$LATEST")))


def test_queues_and_destinations_pass():
    """
    Of the unpublished version, of the alias, or of the version that it stands for.
    """
    of = function(asynchronous())
    assert [Status.PASS] == statuses(run_check(dead_letter, of, invoke_config(of)))
    queued = function(asynchronous(), DeadLetterConfig={"TargetArn": QUEUE})
    assert [Status.PASS] == statuses(run_check(dead_letter, queued))
    judged = alias(asynchronous(), of=of)
    assert [Status.PASS] == statuses(run_check(dead_letter, judged, invoke_config(of, "live")))
    assert [Status.PASS] == statuses(run_check(dead_letter, alias(asynchronous(), dead_letter=QUEUE)))


@pytest.mark.parametrize(
    "statements",
    [[], [asynchronous("apigateway")], [grant({"AWS": OWN})], [grant({"Service": "sns.amazonaws.com"}, "lambda:Get*")]],
)
def test_does_not_concern_what_waits_for_the_answer(statements):
    """
    The caller sees the error.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(dead_letter, function(*statements)))


def test_unseen_settings_are_unknown():
    """
    They may name a destination.
    """
    found = run_check(dead_letter, function(asynchronous()), unlisted=[EventInvokeConfig])

    assert [Status.UNKNOWN] == statuses(found)
