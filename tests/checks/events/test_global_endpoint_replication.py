import pytest

from awsaudit import Status
from awsaudit.resources.events import ENDPOINTS, Endpoint
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.global_endpoint_replication import global_endpoint_replication


ARN = "arn:aws:events:eu-west-1:111122223333:endpoint/deposits"
ROLE = "arn:aws:iam::111122223333:role/replicate"
BUSES = [{"EventBusArn": f"arn:aws:events:{region}:111122223333:event-bus/deposits"} for region in ("a", "b")]


def endpoint(**fields):
    return fake(
        Endpoint, {ENDPOINTS: {"Name": "deposits", "Arn": ARN, "State": "ACTIVE", "EventBuses": BUSES, **fields}}
    )


def test_flags_replication_that_is_off():
    """
    The command turns it on with the role that the endpoint has.
    """
    (finding,) = run_check(global_endpoint_replication, endpoint(ReplicationConfig={"State": "DISABLED"}, RoleArn=ROLE))

    assert Status.FAIL is finding.status
    assert (
        "aws events update-endpoint --region eu-west-1 --name deposits --replication-config State=ENABLED "
        f"--role-arn {ROLE}" == finding.fix
    )


def test_makes_the_role_where_there_is_none():
    """
    Replication needs a role that may put events on both buses.
    """
    (finding,) = run_check(global_endpoint_replication, endpoint(ReplicationConfig={"State": "DISABLED"}))

    assert finding.fix.startswith("ROLE=$(aws iam create-role --role-name deposits-replication ")
    assert all(bus["EventBusArn"] in finding.fix for bus in BUSES)
    assert finding.fix.endswith('--replication-config State=ENABLED --role-arn "$ROLE"')


@pytest.mark.parametrize("state", ["CREATE_FAILED", "DELETE_FAILED", "UPDATE_FAILED"])
def test_flags_an_endpoint_that_failed(state):
    """
    Half made and half deleted ones are deleted; a failed update is tried again.
    """
    (finding,) = run_check(global_endpoint_replication, endpoint(State=state, StateReason="no role", RoleArn=ROLE))

    assert f"the endpoint is {state}: no role" == finding.message
    assert ("update-endpoint" if state == "UPDATE_FAILED" else "delete-endpoint") in finding.fix


@pytest.mark.parametrize("fields", [{}, {"ReplicationConfig": {"State": "ENABLED"}}])
def test_accepts_replication(fields):
    """
    Replication is on unless AWS says otherwise.
    """
    assert [Status.PASS] == statuses(run_check(global_endpoint_replication, endpoint(**fields)))


@pytest.mark.parametrize("state", ["CREATING", "UPDATING", "DELETING"])
def test_does_not_judge_an_endpoint_in_the_making(state):
    """
    It is on its way.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(global_endpoint_replication, endpoint(State=state)))
