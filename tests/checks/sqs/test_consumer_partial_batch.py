import pytest

from awsaudit import Status
from awsaudit.resources.lambda_ import MAPPINGS, EventSourceMapping
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.consumer_partial_batch import consumer_partial_batch


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:deposits"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:book"


def mapping(**fields):
    listed = {"UUID": "m-1", "EventSourceArn": QUEUE, "FunctionArn": FUNCTION, "State": "Enabled", "BatchSize": 10}
    return fake(EventSourceMapping, {MAPPINGS: {**listed, **fields}})


def test_flags_a_function_that_reports_nothing(queue):
    """
    The function and its batch are named.
    """
    (finding,) = run_check(consumer_partial_batch, queue("deposits"), mapping())

    assert (Status.FAIL, "m-1") == (finding.status, finding.sub_key)
    assert finding.message.startswith("the function book gets up to 10 messages at once")
    assert "--uuid m-1 --function-response-types ReportBatchItemFailures" in finding.fix


@pytest.mark.parametrize("fields", [{"FunctionResponseTypes": ["ReportBatchItemFailures"]}, {"BatchSize": 1}])
def test_passes_reports_and_single_messages(queue, fields):
    """
    Either way no good message comes back with a bad one.
    """
    assert [Status.PASS] == statuses(run_check(consumer_partial_batch, queue("deposits"), mapping(**fields)))


@pytest.mark.parametrize("others", [(), (mapping(State="Deleting"),), (mapping(EventSourceArn=f"{QUEUE}-2"),)])
def test_needs_a_function(queue, others):
    """
    Nothing reads it, or not for long.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(consumer_partial_batch, queue("deposits"), *others))


def test_is_unknown_where_readers_cannot_be_seen(queue):
    """
    One of them may take batches.
    """
    found = run_check(consumer_partial_batch, queue("deposits"), unlisted=[EventSourceMapping])

    assert [Status.UNKNOWN] == statuses(found)
