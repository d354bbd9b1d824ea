import pytest

from awsaudit import Status
from awsaudit.resources.events import ARCHIVES, Archive, EventBus
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.archive_healthy import archive_healthy


BUS_ARN = "arn:aws:events:eu-west-1:111122223333:event-bus/beacon"


def archive(state="ENABLED", **fields):
    listed = {"ArchiveName": "slots", "EventSourceArn": BUS_ARN, "State": state, "RetentionDays": 30, **fields}
    return fake(Archive, {ARCHIVES: listed})


@pytest.mark.parametrize("state", ["CREATE_FAILED", "UPDATE_FAILED", "DISABLED"])
def test_flags_an_archive_that_keeps_nothing(state):
    """
    Failed or disabled: a second archive takes over; where the bus is does not matter then.
    """
    (finding,) = run_check(archive_healthy, archive(state, StateReason="no access to the key"), unlisted=[EventBus])

    assert Status.FAIL is finding.status
    assert f"the archive is {state}: no access to the key" == finding.message
    assert (
        "aws events create-archive --region eu-west-1 --archive-name slots-2 "
        f"--event-source-arn {BUS_ARN} --retention-days 30" == finding.fix
    )


def test_flags_an_archive_without_its_bus():
    """
    The bus was deleted; nothing arrives any more.
    """
    (finding,) = run_check(archive_healthy, archive())

    assert f"the bus {BUS_ARN} does not exist" == finding.message
    assert "aws events create-event-bus --region eu-west-1 --name beacon" == finding.fix


def test_accepts_an_enabled_archive(bus):
    """
    ENABLED, and its bus is there.
    """
    assert [Status.PASS] == statuses(run_check(archive_healthy, archive(), bus()))


@pytest.mark.parametrize("state", ["CREATING", "UPDATING"])
def test_does_not_judge_an_archive_in_the_making(state):
    """
    It is on its way.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(archive_healthy, archive(state)))


def test_does_not_know_while_buses_are_hidden():
    """
    Whether the bus exists cannot be told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(archive_healthy, archive(), unlisted=[EventBus]))
