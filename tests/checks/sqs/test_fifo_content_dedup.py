from awsaudit import Status
from awsaudit.resources.scheduler import SCHEDULES, Schedule
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.fifo_content_dedup import fifo_content_dedup


def schedule(queue="exits.fifo"):
    target = {"Arn": f"arn:aws:sqs:eu-west-1:111122223333:{queue}"}
    arn = "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/sweep"
    return fake(Schedule, {SCHEDULES: {"Arn": arn, "Name": "sweep", "State": "ENABLED", "Target": target}})


def test_flags_a_queue_that_refuses_what_a_schedule_sends(queue):
    """
    The path ends at the queue.
    """
    (finding,) = run_check(fifo_content_dedup, queue("exits.fifo", ContentBasedDeduplication="false"), schedule())

    assert Status.FAIL is finding.status
    assert finding.message.startswith("the schedule sweep sends without a deduplication id")
    assert [True, False] == [hop.holds for hop in finding.path]
    assert finding.fix.endswith("--attributes ContentBasedDeduplication=true")


def test_passes_a_queue_that_looks_at_the_content(queue):
    """
    It takes messages without an id.
    """
    looking = queue("exits.fifo", ContentBasedDeduplication="true")

    assert [Status.PASS] == statuses(run_check(fifo_content_dedup, looking, schedule()))


def test_others_do_not_apply(queue):
    """
    Standard queues, and queues to which no schedule sends.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(fifo_content_dedup, queue("deposits"), schedule()))
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(fifo_content_dedup, queue("exits.fifo"), schedule("other.fifo"))
    )


def test_is_unknown_where_schedules_cannot_be_seen(queue):
    """
    One may send to it.
    """
    found = run_check(fifo_content_dedup, queue("exits.fifo"), unlisted=[Schedule])

    assert [Status.UNKNOWN] == statuses(found)
