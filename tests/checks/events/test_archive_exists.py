import pytest

from awsaudit import Status
from awsaudit.resources.events import ARCHIVES, Archive
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.archive_exists import archive_exists


def archive(state="ENABLED", bus="beacon"):
    arn = f"arn:aws:events:eu-west-1:111122223333:event-bus/{bus}"
    return fake(Archive, {ARCHIVES: {"ArchiveName": "slots", "EventSourceArn": arn, "State": state}})


@pytest.mark.parametrize("others", [(), (archive(bus="other"),), (archive("DISABLED"),)])
def test_flags_a_bus_whose_events_nothing_keeps(bus, others):
    """
    No archive, that of another bus, or one that is disabled.
    """
    (finding,) = run_check(archive_exists, bus(), *others)

    assert Status.FAIL is finding.status
    assert (
        "--archive-name beacon-archive --event-source-arn arn:aws:events:eu-west-1:111122223333:event-bus/beacon "
        in (finding.fix)
    )


@pytest.mark.parametrize("state", ["ENABLED", "CREATING", "UPDATING"])
def test_accepts_one_archive(bus, state):
    """
    One that works, or is about to.
    """
    assert [Status.PASS] == statuses(run_check(archive_exists, bus(), archive(state), archive("DISABLED")))


def test_leaves_other_buses_alone(bus):
    """
    The default bus is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(archive_exists, bus("default")))


def test_is_unknown_where_archives_cannot_be_seen(bus):
    """
    There may be one.
    """
    assert [Status.UNKNOWN] == statuses(run_check(archive_exists, bus(), unlisted=[Archive]))
