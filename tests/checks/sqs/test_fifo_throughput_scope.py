from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.sqs.fifo_throughput_scope import fifo_throughput_scope


def test_flags_settings_that_do_not_agree(queue):
    """
    A limit for each group, and duplicates told in the whole queue.
    """
    halved = queue("exits.fifo", FifoThroughputLimit="perMessageGroupId", DeduplicationScope="queue")
    (finding,) = run_check(fifo_throughput_scope, halved)

    assert (Status.FAIL, Severity.INFO) == (finding.status, finding.severity)
    assert finding.fix.endswith("--attributes DeduplicationScope=messageGroup,FifoThroughputLimit=perMessageGroupId")


def test_passes_settings_that_agree(queue):
    """
    Both for groups, both for the queue, or groups for duplicates alone.
    """
    for limit, scope in (("perMessageGroupId", "messageGroup"), ("perQueue", "queue"), ("perQueue", "messageGroup")):
        agreeing = queue("exits.fifo", FifoThroughputLimit=limit, DeduplicationScope=scope)
        assert [Status.PASS] == statuses(run_check(fifo_throughput_scope, agreeing))


def test_standard_queues_have_no_such_settings(queue):
    """
    They do not apply.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(fifo_throughput_scope, queue("deposits")))
