import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.bus_logging import bus_logging


@pytest.mark.parametrize("described", [{}, {"LogConfig": {"Level": "OFF"}}])
def test_flags_a_bus_that_logs_nothing(bus, described):
    """
    Switched off, or never switched on.
    """
    (finding,) = run_check(bus_logging, bus(**described))

    assert (Status.FAIL, "OFF") == (finding.status, finding.found)
    assert finding.fix.endswith("--name beacon --log-config Level=ERROR,IncludeDetail=NONE")


@pytest.mark.parametrize("level", ["ERROR", "INFO", "TRACE"])
def test_accepts_each_level(bus, level):
    """
    Errors alone are enough.
    """
    assert [Status.PASS] == statuses(run_check(bus_logging, bus(LogConfig={"Level": level})))


@pytest.mark.parametrize("name", ["default", "aws.partner/example.com/1/events"])
def test_leaves_other_buses_alone(bus, name):
    """
    The default bus and those of partners.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_logging, bus(name)))
