import datetime

import pytest

from awsaudit import Status
from awsaudit.resources.events import CONNECTIONS, Connection
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.events.connection_authorized import connection_authorized


def connection(state, minutes=0, **fields):
    changed = AS_OF - datetime.timedelta(minutes=minutes)
    arn = "arn:aws:events:eu-west-1:111122223333:connection/relay/1"
    listed = {"ConnectionArn": arn, "Name": "relay", "ConnectionState": state, "LastModifiedTime": changed.isoformat()}
    return fake(Connection, {CONNECTIONS: {**listed, **fields}})


@pytest.mark.parametrize("state", ["DEAUTHORIZED", "FAILED_CONNECTIVITY"])
def test_flags_a_broken_connection(state):
    """
    Broken from the first minute; the reason is told.
    """
    (finding,) = run_check(connection_authorized, connection(state, StateReason="401 from the relay"))

    assert Status.FAIL is finding.status
    assert f"the connection is {state}: 401 from the relay" == finding.message
    assert finding.fix is None


@pytest.mark.parametrize("state", ["AUTHORIZING", "CREATING", "UPDATING", "DEAUTHORIZING", "DELETING"])
def test_waits_an_hour_for_what_is_under_way(state):
    """
    A state that should pass is a problem after an hour.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(connection_authorized, connection(state, 59)))
    (finding,) = run_check(connection_authorized, connection(state, 150))
    assert f"the connection is {state} for 2 h" == finding.message


@pytest.mark.parametrize("state", ["AUTHORIZED", "ACTIVE"])
def test_accepts_an_authorized_connection(state):
    """
    Both states can be used.
    """
    assert [Status.PASS] == statuses(run_check(connection_authorized, connection(state)))
