from awsaudit import Status
from awsaudit.resources.sqs import LIST, TAGS, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.ordering_required_fifo import ordering_required_fifo


def queue(name, **tags):
    return fake(Queue, {LIST: f"https://sqs.eu-west-1.amazonaws.com/111122223333/{name}", TAGS: tags})


def test_flags_a_standard_queue_that_is_to_keep_the_order():
    """
    The tag is named, and the new queue's name in the command ends as AWS wants it.
    """
    (finding,) = run_check(ordering_required_fifo, queue("withdrawals", Ordering="required"))

    assert Status.FAIL is finding.status
    assert "its tag Ordering=required asks for order, and it is a standard queue" == finding.message
    assert "--queue-name withdrawals.fifo " in finding.fix


def test_passes_a_fifo_queue():
    """
    It keeps the order.
    """
    assert [Status.PASS] == statuses(run_check(ordering_required_fifo, queue("exits.fifo", workload="payments")))


def test_needs_a_tag():
    """
    Which tags tell is the owner's to say.
    """
    plain = queue("duties", team="staking")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(ordering_required_fifo, plain))
    assert [Status.FAIL] == statuses(run_check(ordering_required_fifo, plain, declared=("team=staking",)))
