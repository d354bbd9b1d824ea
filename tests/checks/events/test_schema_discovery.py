import pytest

from awsaudit import Severity, Status
from awsaudit.resources.schemas import DISCOVERERS, Discoverer
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.schema_discovery import schema_discovery


BUS = "arn:aws:events:eu-west-1:111122223333:event-bus"


def discoverer(state="STARTED", of="beacon"):
    listed = {"DiscovererArn": "arn", "DiscovererId": "events-beacon", "SourceArn": f"{BUS}/{of}", "State": state}
    return fake(Discoverer, {DISCOVERERS: listed})


def test_a_discoverer_that_runs_passes(bus):
    """
    That of the bus itself.
    """
    assert [Status.PASS] == statuses(run_check(schema_discovery, bus(), discoverer()))
    assert [Status.FAIL] == statuses(run_check(schema_discovery, bus(), discoverer(of="other")))


def test_is_told_for_information(bus):
    """
    With the command that makes a discoverer, or starts the one that is there.
    """
    [none] = run_check(schema_discovery, bus())
    [stopped] = run_check(schema_discovery, bus(), discoverer("STOPPED"))

    assert {Severity.INFO} == {none.severity, stopped.severity}
    assert f"aws schemas create-discoverer --region eu-west-1 --source-arn {BUS}/beacon" == none.fix
    assert "aws schemas start-discoverer --region eu-west-1 --discoverer-id events-beacon" == stopped.fix


@pytest.mark.parametrize("name", ["default", "aws.partner/example.com/orders"])
def test_does_not_apply_to_other_buses(bus, name):
    """
    The default one takes AWS's own events, whose schemas are known.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(schema_discovery, bus(name)))


def test_does_not_apply_where_it_is_off_on_purpose(bus):
    """
    By the configuration, by a key of the customer's, or on a bus of a service.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(schema_discovery, bus(), without=("bea*",)))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(schema_discovery, bus(KmsKeyIdentifier="key")))
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(schema_discovery, bus(listed={"ManagedBy": "service.amazonaws.com"}))
    )


def test_unseen_discoverers_are_unknown(bus):
    """
    Unless one was seen that runs.
    """
    assert [Status.UNKNOWN] == statuses(run_check(schema_discovery, bus(), unlisted=[Discoverer]))
    assert [Status.PASS] == statuses(run_check(schema_discovery, bus(), discoverer(), unlisted=[Discoverer]))
